package headgate.loadtest.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sets the figures of two runs against each other, as ratios of the second to the first. */
public final class Comparison {
    /** What is compared, by the name that people read: the paths in the reports. */
    static final Map<String, String> COMPARED = compared();

    private Comparison() {}

    /** A line for each figure that either run has. */
    public static String of(Figures a, Figures b) {
        StringBuilder text = new StringBuilder(format("%-24s %12s %12s %8s%n", "", "A", "B", "B/A"));
        COMPARED.forEach((name, path) -> {
            double first = a.number(path);
            double second = b.number(path);
            if (first > 0 || second > 0) {
                // What only one run has is no ratio, and the more to be looked at.
                String ratio = first > 0 && second > 0 ? format("%.2f", second / first) : "-";
                text.append(format("%-24s %12s %12s %8s%n", name, value(a, path), value(b, path), ratio));
            }
        });
        text.append(voids(a, "A")).append(voids(b, "B"));
        return text.toString();
    }

    /** The ratios of one round in a line. */
    public static String line(Figures a, Figures b) {
        StringBuilder text = new StringBuilder();
        COMPARED.forEach((name, path) -> {
            double first = a.number(path);
            double second = b.number(path);
            if (haveBoth(a, b, path) && (first > 0 || second > 0)) {
                String ratio = first > 0 ? format("%.2f", second / first) : format("%s instead of 0", value(second));
                text.append(format("%s%s %s", text.isEmpty() ? "" : ", ", name, ratio));
            }
        });
        return text.append(voids(a, ", A").stripTrailing())
                .append(voids(b, ", B").stripTrailing())
                .append(System.lineSeparator())
                .toString();
    }

    /** Whether there is anything to compare: a percentile is missing where too few calls have it. */
    static boolean haveBoth(Figures a, Figures b, String path) {
        return a.has(path) && b.has(path);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String value(Figures run, String path) {
        return run.has(path) ? value(run.number(path)) : "-";
    }

    /** Two decimals, or as many as a small share needs. */
    private static String value(double value) {
        return format(value > 0 && value < 0.1 ? "%.5f" : "%.2f", value);
    }

    private static String voids(Figures run, String name) {
        return run.isVoid() ? format("%s is VOID: it says nothing about its target.%n", name) : "";
    }

    private static Map<String, String> compared() {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("good calls/s", "/rates/good_per_second");
        paths.put("tokens/s", "/rates/tokens_per_second");
        paths.put("errors share", "/rates/errors_share");
        paths.put("CPU us/good call", "/rates/cpu_micros_per_good_call");
        paths.put("RSS MiB", "/rates/rss_mebibytes_max");
        for (String latency : List.of("first_byte", "first_event", "gap", "delay", "total")) {
            for (String percentile : List.of("p50", "p99", "p999")) {
                paths.put(latency + " " + percentile, "/latency/" + latency + "/" + percentile);
            }
        }
        return paths;
    }
}
