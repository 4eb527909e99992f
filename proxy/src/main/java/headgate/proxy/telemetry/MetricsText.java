package headgate.proxy.telemetry;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Metrics as text, in the form of Prometheus (0.0.4) or of OpenMetrics (1.0.0).
 *
 * <p>The two differ in how a counter's family is called, and in the line at the end.
 */
final class MetricsText {
    /** Those of the buckets that are shown: three to the decade. */
    private static final int[] SHOWN = {0, 3, 7};

    private static final int STEPS = 10;

    private final StringBuilder text = new StringBuilder(16 * 1024);
    private final Set<Metric> begun = EnumSet.noneOf(Metric.class);
    private final boolean openMetrics;

    MetricsText(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    /** One value; labels are names and values in turn. All values of a metric come one after the other. */
    void value(Metric metric, long value, String... labels) {
        begin(metric);
        sample(nameOf(metric), Long.toString(value), labels);
    }

    /** One value with a fraction. */
    void seconds(Metric metric, double value, String... labels) {
        begin(metric);
        sample(nameOf(metric), Double.toString(value), labels);
    }

    /** One histogram. */
    void histogram(Metric metric, DurationSum durations, String... labels) {
        begin(metric);
        long below = 0;
        for (int i = 0; i < Durations.size(); i++) {
            below += durations.count(i);
            if (shown(i)) {
                sample(
                        metric.family() + "_bucket",
                        Long.toString(below),
                        with(labels, seconds(Durations.boundNanos(i))));
            }
        }
        String all = Long.toString(durations.count());
        sample(metric.family() + "_bucket", all, with(labels, "+Inf"));
        sample(metric.family() + "_sum", Double.toString(durations.sumSeconds()), labels);
        sample(metric.family() + "_count", all, labels);
    }

    /** The whole text. */
    String end() {
        return text + (openMetrics ? "# EOF\n" : "");
    }

    private void begin(Metric metric) {
        if (begun.add(metric)) {
            String family = metric.family() + (metric.type() == Metric.Type.COUNTER && !openMetrics ? "_total" : "");
            text.append("# HELP ")
                    .append(family)
                    .append(' ')
                    .append(metric.help())
                    .append('\n');
            text.append("# TYPE ").append(family).append(' ');
            text.append(metric.type().name().toLowerCase(Locale.ROOT)).append('\n');
        }
    }

    private void sample(String name, String value, String... labels) {
        text.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escaped(labels[i + 1]);
            text.append('"');
        }
        text.append(labels.length > 0 ? "} " : " ").append(value).append('\n');
    }

    private void escaped(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }

    private static boolean shown(int bucket) {
        int step = bucket % STEPS;
        return step == SHOWN[0] || step == SHOWN[1] || step == SHOWN[2];
    }

    private static String seconds(long nanos) {
        String plain = BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    private static String nameOf(Metric metric) {
        return metric.type() == Metric.Type.COUNTER ? metric.family() + "_total" : metric.family();
    }

    private static String[] with(String[] labels, String bound) {
        String[] all = Arrays.copyOf(labels, labels.length + 2);
        all[labels.length] = "le";
        all[labels.length + 1] = bound;
        return all;
    }
}
