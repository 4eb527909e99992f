package headgate.proxy.journey;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of metrics as text, written from the two specifications and not from the writer; what is not exactly right
 * is an error.
 */
final class ScrapedMetrics {
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([0-9]+(?:\\.[0-9]+)?(?:E-?[0-9]+)?|\\+Inf|NaN)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Set<String> helped = new HashSet<>();
    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, Double> lastBuckets = new HashMap<>();
    private final Map<String, Double> lastBounds = new HashMap<>();
    private final boolean openMetrics;
    private String family = "";

    private ScrapedMetrics(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    static ScrapedMetrics read(String text, boolean openMetrics) {
        ScrapedMetrics metrics = new ScrapedMetrics(openMetrics);
        require(text.endsWith("\n"), "the last line has an end", "");
        List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        int end = openMetrics ? lines.size() - 1 : lines.size();
        require(!openMetrics || lines.get(end).equals("# EOF"), "# EOF is the last line", lines.get(lines.size() - 1));
        lines.subList(0, end).forEach(metrics::line);
        metrics.lastBuckets.forEach((key, count) -> {
            String counted = key.replaceFirst("_bucket\\{", "_count{").replaceFirst("_bucket$", "_count");
            require(count.equals(metrics.samples.get(counted)), "_count is the bucket of +Inf", key);
            require(metrics.samples.containsKey(counted.replaceFirst("_count", "_sum")), "a histogram has a sum", key);
        });
        return metrics;
    }

    /** Family names, as they are declared, with their types. */
    Map<String, String> types() {
        return types;
    }

    /** A sample by its name and its labels in the order of their names, such as {@code a{b="c",d="e"}}; 0 when absent. */
    double value(String sample) {
        return samples.getOrDefault(sample, 0.0);
    }

    Set<String> samples() {
        return samples.keySet();
    }

    private void line(String line) {
        Matcher meta = META.matcher(line);
        if (meta.matches()) {
            declare(meta.group(1), meta.group(2), meta.group(3));
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "a line is HELP, TYPE or a sample", line);
        String name = sample.group(1);
        require(belongs(name), "a sample is of the family above it, " + family, line);
        Map<String, String> labels = labels(sample.group(2), line);
        double value = sample.group(3).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(sample.group(3));
        require(samples.put(key(name, labels), value) == null, "no series comes twice", line);
        if (name.endsWith("_bucket")) {
            bucket(name, labels, value, line);
        }
    }

    private void declare(String what, String name, String rest) {
        if (what.equals("HELP")) {
            require(!types.containsKey(name) && helped.add(name), "a family is declared once", name);
            require(!rest.matches(".*\\\\[^\\\\n].*"), "HELP is escaped", rest);
            family = name;
        } else {
            require(family.equals(name), "TYPE is behind its HELP", name);
            require(Set.of("counter", "gauge", "histogram").contains(rest), "a known type", rest);
            require(types.put(name, rest) == null, "a type is declared once", name);
            if (rest.equals("counter")) {
                require(name.endsWith("_total") != openMetrics, "a counter's family", name);
            }
        }
    }

    private boolean belongs(String name) {
        return switch (types.getOrDefault(family, "")) {
            case "counter" -> name.equals(openMetrics ? family + "_total" : family);
            case "gauge" -> name.equals(family);
            case "histogram" ->
                Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name);
            default -> false;
        };
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> labels = new TreeMap<>();
        if (text == null) {
            return labels;
        }
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            require(label.region(at, text.length()).lookingAt(), "well-formed labels", line);
            require(labels.put(label.group(1), label.group(2)) == null, "a label comes once", line);
            at = label.end();
        }
        require(!text.endsWith(","), "no comma at the end", line);
        return labels;
    }

    private void bucket(String name, Map<String, String> labels, double value, String line) {
        Map<String, String> rest = new TreeMap<>(labels);
        String le = rest.remove("le");
        require(le != null, "a bucket has a bound", line);
        double bound = "+Inf".equals(le) ? Double.POSITIVE_INFINITY : Double.parseDouble(String.valueOf(le));
        String series = key(name, rest);
        require(bound > lastBounds.getOrDefault(series, -1.0), "bounds go up", line);
        require(value >= lastBuckets.getOrDefault(series, 0.0), "buckets are cumulative", line);
        lastBounds.put(series, bound);
        lastBuckets.put(series, value);
    }

    private static String key(String name, Map<String, String> labels) {
        StringBuilder key = new StringBuilder(name);
        labels.forEach((label, value) ->
                key.append(key.length() == name.length() ? "{" : ",").append(label + "=\"" + value + "\""));
        return labels.isEmpty() ? name : key.append('}').toString();
    }

    private static void require(boolean holds, String rule, String where) {
        if (!holds) {
            throw new AssertionError(rule + ": " + where);
        }
    }
}
