package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import headgate.filters.api.ProxyError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ShippedMetricsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("\\b(?:headgate|process)_[a-z_]+\\b");
    private static final Pattern BY = Pattern.compile("headgate_[a-z_]+_seconds(?!_bucket)\\b");

    @Test
    void the_board_names_only_metrics_that_exist_and_shows_most() throws IOException {
        List<String> queries = new ArrayList<>();
        try (JsonParser json =
                new JsonFactory().createParser(Files.readString(ROOT.resolve("conf/grafana/headgate.json")))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING
                        && List.of("expr", "query").contains(String.valueOf(json.currentName()))) {
                    queries.add(json.getText());
                }
            }
        }
        assertThat(queries)
                .hasSizeGreaterThan(20)
                .noneMatch(query -> BY.matcher(query).find());
        Set<String> shown = names(String.join("\n", queries));
        assertThat(samples()).containsAll(shown);
        assertThat(shown).hasSizeGreaterThan(Metric.values().length - 6);
    }

    @Test
    void the_alerts_name_only_metrics_that_exist() throws IOException {
        String rules = Files.readString(ROOT.resolve("conf/prometheus/headgate-alerts.yaml"));
        List<String> expressions = rules.lines()
                .filter(line -> !line.contains("look:") && !line.contains("summary:"))
                .toList();
        Set<String> used = names(String.join("\n", expressions));

        assertThat(used).hasSizeGreaterThan(8);
        assertThat(samples()).containsAll(used);
        Set<String> told = names(rules);
        told.removeAll(samples());
        assertThat(families()).as("what the words name").containsAll(told);
        assertThat(rules.split("- alert: ", -1)).hasSameSizeAs(rules.split("look: ", -1));
    }

    @Test
    void the_alert_for_errors_counts_every_cause_that_is_not_the_callers() throws IOException {
        String rules = Files.readString(ROOT.resolve("conf/prometheus/headgate-alerts.yaml"));
        List<String> causes = new ArrayList<>();
        for (ProxyError.Kind kind : ProxyError.Kind.values()) {
            if (kind.blame() != ProxyError.Blame.DOWNSTREAM) {
                causes.add(new Outcome(200, kind).cause());
            }
        }
        assertThat(rules.substring(rules.indexOf("HeadgateErrors"), rules.indexOf("HeadgateStreamsBreak")))
                .as("a stream that breaks has status 200")
                .contains("cause=~\"" + String.join("|", causes) + "\"");
    }

    @Test
    void the_handbook_has_every_metric_with_its_type_and_its_meaning() throws IOException {
        String handbook = Files.readString(ROOT.resolve("docs/operating.md"));
        List<String> table = handbook.lines()
                .filter(line -> line.startsWith("| `headgate_") || line.startsWith("| `process_"))
                .toList();
        List<String> expected = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            expected.add("| `" + sample(metric) + "` | " + metric.type().name().toLowerCase(Locale.ROOT) + " | "
                    + metric.help() + " |");
        }
        assertThat(table).containsExactlyElementsOf(expected);
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().forEach(found -> names.add(found.group()));
        return names;
    }

    private static Set<String> families() {
        Set<String> families = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            families.add(metric.family());
        }
        return families;
    }

    private static Set<String> samples() {
        Set<String> samples = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            if (metric.type() == Metric.Type.HISTOGRAM) {
                samples.addAll(
                        Set.of(metric.family() + "_bucket", metric.family() + "_count", metric.family() + "_sum"));
            } else {
                samples.add(sample(metric));
            }
        }
        return samples;
    }

    private static String sample(Metric metric) {
        return metric.type() == Metric.Type.COUNTER ? metric.family() + "_total" : metric.family();
    }
}
