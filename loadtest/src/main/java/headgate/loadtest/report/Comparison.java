package headgate.loadtest.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sets the figures of two runs against each other, as ratios of the second to the first. */
public final class Comparison {
    private static final Map<String, String> COMPARED = compared();

    private Comparison() {}

    /** A line for each figure that both runs have. */
    public static String of(Figures a, Figures b) {
        StringBuilder text = new StringBuilder(format("%-24s %12s %12s %8s%n", "", "A", "B", "B/A"));
        COMPARED.forEach((name, path) -> {
            if (a.number(path) > 0 && b.number(path) > 0) {
                text.append(
                        format("%-24s %12.2f %12.2f %8.2f%n", name, a.number(path), b.number(path), ratio(a, b, path)));
            }
        });
        text.append(voids(a, "A")).append(voids(b, "B"));
        return text.toString();
    }

    /** The ratios of one round in a line. */
    public static String line(Figures a, Figures b) {
        StringBuilder text = new StringBuilder();
        COMPARED.forEach((name, path) -> {
            if (a.number(path) > 0 && b.number(path) > 0) {
                text.append(format("%s%s %.2f", text.isEmpty() ? "" : ", ", name, ratio(a, b, path)));
            }
        });
        return text.append(System.lineSeparator()).toString();
    }

    /** For each figure the median of the rounds' ratios, the least and the most. */
    public static String spread(List<Figures> a, List<Figures> b) {
        StringBuilder text = new StringBuilder(format("%-24s %8s %8s %8s%n", "B/A", "median", "least", "most"));
        COMPARED.forEach((name, path) -> {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < a.size(); round++) {
                if (a.get(round).number(path) > 0 && b.get(round).number(path) > 0) {
                    ratios.add(ratio(a.get(round), b.get(round), path));
                }
            }
            if (!ratios.isEmpty()) {
                ratios.sort(null);
                int middle = ratios.size() / 2;
                double median =
                        ratios.size() % 2 == 1 ? ratios.get(middle) : (ratios.get(middle - 1) + ratios.get(middle)) / 2;
                text.append(format(
                        "%-24s %8.2f %8.2f %8.2f%n", name, median, ratios.get(0), ratios.get(ratios.size() - 1)));
            }
        });
        return text.toString();
    }

    private static double ratio(Figures a, Figures b, String path) {
        return b.number(path) / a.number(path);
    }

    private static String voids(Figures run, String name) {
        return run.isVoid() ? "VOID: " + name + " says nothing about its target." + System.lineSeparator() : "";
    }

    private static Map<String, String> compared() {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("calls/s", "/rates/calls_per_second");
        paths.put("tokens/s", "/rates/tokens_per_second");
        paths.put("errors share", "/rates/errors_share");
        paths.put("CPU us/call", "/rates/cpu_micros_per_call");
        paths.put("RSS MiB", "/rates/rss_mebibytes_max");
        for (String latency : List.of("first_byte", "first_event", "gap", "total")) {
            for (String percentile : List.of("p50", "p99", "p999")) {
                paths.put(latency + " " + percentile, "/latency/" + latency + "/" + percentile);
            }
        }
        return paths;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
