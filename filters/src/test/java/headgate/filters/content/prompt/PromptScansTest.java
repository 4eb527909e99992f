package headgate.filters.content.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.GatewayConfig;
import headgate.filters.Configured;
import headgate.filters.Deployments;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.TextRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A scan is used for one prompt after the other, and only for the rules that it was made for. */
final class PromptScansTest {
    private final PromptScans scans = new PromptScans();

    @Test
    void a_scan_serves_its_own_rules_again_and_remembers_nothing() {
        TextRules rules = rules("bad");
        PromptScan first = scans.take(rules);
        byte[] text = "bad ba".getBytes(StandardCharsets.UTF_8);
        first.scan().read(text, 0, text.length);
        assertThat(first.scan().matchCount()).isEqualTo(1);
        assertThat(scans.take(rules)).as("the first one is in use").isNotSameAs(first);
        scans.giveBack(first);
        assertThat(scans.take(rules("bad"))).as("other rules").isNotSameAs(first);
        PromptScan again = scans.take(rules);
        assertThat(again).isSameAs(first);
        assertThat(again.scan().matchCount()).isZero();
        again.scan().read("d".getBytes(StandardCharsets.UTF_8), 0, 1);
        again.scan().end();
        assertThat(again.scan().matchCount())
                .as("half a word of the prompt before")
                .isZero();
    }

    @Test
    void no_more_are_kept_than_a_bound_and_those_used_last() {
        TextRules rules = rules("bad");
        List<PromptScan> used = new ArrayList<>();
        for (int i = 0; i <= PromptScans.KEPT_MAX; i++) {
            used.add(scans.take(rules));
        }
        used.forEach(scans::giveBack);
        List<PromptScan> kept = new ArrayList<>();
        for (int i = 0; i < PromptScans.KEPT_MAX; i++) {
            kept.add(scans.take(rules));
        }
        assertThat(kept)
                .containsExactlyInAnyOrderElementsOf(used.subList(1, used.size()))
                .doesNotContain(used.get(0));
        assertThat(used).doesNotContain(scans.take(rules));
    }

    private static TextRules rules(String word) {
        GatewayConfig config = Configured.with(
                "d: { contentFilter: p, upstreams: [{ url: \"http://127.0.0.1:1\" }] }",
                "blocklists: { words: { items: [" + word + "] } }",
                "contentFilters: { p: { customBlocklists: [{ blocklistName: words, source: Prompt }] } }");
        FilterPolicy policy = new FilterPolicies(config, Map.of(), null, null)
                .of(Objects.requireNonNull(new Deployments(config).find("d")));
        return Objects.requireNonNull(policy).rules(Source.PROMPT);
    }
}
