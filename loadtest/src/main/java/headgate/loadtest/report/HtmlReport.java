package headgate.loadtest.report;

import java.util.List;

/** Makes one page of one run, or of two over each other, that needs nothing from anywhere: pictures, and the text. */
public final class HtmlReport {
    private static final List<Plot.Tick> PERCENTILES = List.of(
            new Plot.Tick(0, "0"),
            new Plot.Tick(50, "50"),
            new Plot.Tick(90, "90"),
            new Plot.Tick(99, "99"),
            new Plot.Tick(99.9, "99.9"),
            new Plot.Tick(99.99, "99.99"),
            new Plot.Tick(99.999, "99.999"));

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>
            <title>Headgate load test</title>
            <style>
            :root { color-scheme: light dark; --ink: #1c2430; --paper: #ffffff; --faint: #d9dee5;
              --c0: #0b63b5; --c1: #c4501b; --c2: #2c7a4b; --c3: #8a3fa0; --c4: #6b9bd1; --c5: #e0a080; }
            @media (prefers-color-scheme: dark) { :root { --ink: #dfe5ee; --paper: #14181f; --faint: #333c49;
              --c0: #62aef7; --c1: #ff9a62; --c2: #68cf93; --c3: #d795ec; --c4: #3f6f9f; --c5: #a3684a; } }
            body { background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, sans-serif;
              max-width: 1360px; margin: 24px auto; padding: 0 16px; }
            main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr)); gap: 20px; }
            figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: 4px; }
            figcaption span { font-weight: 400; margin-left: 8px; white-space: nowrap; }
            svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 11px; }
            .grid { stroke: var(--faint); fill: none; } polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
            pre { overflow-x: auto; border-top: 1px solid var(--faint); padding-top: 12px; }
            .void { background: #b3261e; color: #ffffff; padding: 10px 14px; font-weight: 600; }
            """;

    private HtmlReport() {}

    /** The page of one or two runs. */
    public static String of(List<Figures> runs) {
        StringBuilder page = new StringBuilder(head("Load test"));
        for (Figures run : runs) {
            if (run.isVoid()) {
                page.append("<p class=\"void\">VOID: ")
                        .append(Plot.escaped(run.text("/void/0")))
                        .append(". These figures say nothing about the target.</p>\n");
            }
        }
        page.append("<main>\n");
        page.append(byPercentile(runs, "total", "Total time by percentile, ms"));
        page.append(byPercentile(runs, "first_event", "Time to first event by percentile, ms"));
        page.append(byPercentile(runs, "gap", "Gap between events by percentile, ms"));
        page.append(byPercentile(runs, "delay", "Delay of an event by percentile, ms"));
        page.append(overTime(runs, "Total time, ms", "p50", "p99"));
        page.append(overTime(runs, "Calls a second", "started", "ended"));
        page.append(overTime(runs, "Errors", "errors"));
        page.append(overTime(runs, "CPU, cores (process, generator)", "cpu", "own_cpu"));
        page.append(overTime(runs, "Memory of the process, MiB", "rss"));
        page.append("</main>\n");
        for (Figures run : runs) {
            page.append("<pre>").append(Plot.escaped(TextReport.of(run))).append("</pre>\n");
        }
        if (runs.size() == 2) {
            page.append("<pre>")
                    .append(Plot.escaped(Comparison.of(runs.get(0), runs.get(1))))
                    .append("</pre>\n");
        }
        return page.append("</body></html>\n").toString();
    }

    /** A page up to its heading. */
    static String head(String heading) {
        StringBuilder page = new StringBuilder(HEAD);
        for (int style = 0; style < 6; style++) {
            page.append(
                    "span.s%1$d { color: var(--c%1$d); } polyline.s%1$d { stroke: var(--c%1$d); }%n".formatted(style));
        }
        return page.append("</style></head><body>\n<h1>%s</h1>\n".formatted(heading))
                .toString();
    }

    private static String byPercentile(List<Figures> runs, String latency, String title) {
        // As many nines to the right as there are: the tail is where callers suffer.
        Plot plot = new Plot(title, "percentile").scaled(p -> -Math.log10(1 - p / 100), PERCENTILES);
        for (int run = 0; run < runs.size(); run++) {
            Figures figures = runs.get(run);
            String curve = "/latency/" + latency + "/curve/*/";
            if (figures.number("/latency/" + latency + "/count") > 0) {
                plot.line(name(runs, run, latency), run, figures.column(curve + 0), figures.column(curve + 1));
            }
        }
        return plot.html();
    }

    private static String overTime(List<Figures> runs, String title, String... columns) {
        Plot plot = new Plot(title, "seconds");
        for (int run = 0; run < runs.size(); run++) {
            List<Double> at = runs.get(run).column("/timeline/*/at");
            for (int column = 0; column < columns.length; column++) {
                List<Double> values = runs.get(run).column("/timeline/*/at", "/timeline/*/" + columns[column]);
                plot.line(name(runs, run, columns[column]), 2 * column + run, at, values);
            }
        }
        return plot.html();
    }

    private static String name(List<Figures> runs, int run, String what) {
        return (runs.size() == 1 ? "" : run == 0 ? "A " : "B ") + what;
    }
}
