package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MetricsTextTest {
    @Test
    void a_counter_has_its_suffix_in_the_family_only_for_prometheus() {
        assertThat(counter(false))
                .isEqualTo("# HELP headgate_retries_total " + Metric.RETRIES.help()
                        + "\n# TYPE headgate_retries_total counter\nheadgate_retries_total 3\n");
        assertThat(counter(true))
                .isEqualTo("# HELP headgate_retries " + Metric.RETRIES.help()
                        + "\n# TYPE headgate_retries counter\nheadgate_retries_total 3\n# EOF\n");
    }

    @Test
    void what_could_end_a_label_is_escaped() {
        MetricsText text = new MetricsText(false);
        text.value(Metric.READY, 1, "a", "x\\y\"z\nw", "b", "ü");

        assertThat(text.end()).endsWith("headgate_ready{a=\"x\\\\y\\\"z\\nw\",b=\"ü\"} 1\n");
    }

    @Test
    void buckets_are_cumulative_and_their_bounds_are_decimals() {
        Durations durations = new Durations();
        durations.record(1_000_000);
        durations.record(1_000_001);
        durations.record(3_000_000_000_000L);
        MetricsText text = new MetricsText(true);
        text.histogram(Metric.LOOP_LAG, new DurationSum().add(durations));

        assertThat(text.end())
                .contains(
                        "_bucket{le=\"0.0001\"} 0\n",
                        "_bucket{le=\"0.001\"} 1\n",
                        "_bucket{le=\"0.002\"} 2\n",
                        "_bucket{le=\"1.0\"} 2\n",
                        "_bucket{le=\"2000.0\"} 2\n",
                        "_bucket{le=\"+Inf\"} 3\n",
                        "_count 3\n")
                .doesNotContain("0.00125");
    }

    private static String counter(boolean openMetrics) {
        MetricsText text = new MetricsText(openMetrics);
        text.value(Metric.RETRIES, 3);
        return text.end();
    }
}
