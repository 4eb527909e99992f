package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import headgate.conf.BlocklistConfig.Item;
import headgate.conf.ContentFilterConfig.Action;
import headgate.conf.ContentFilterConfig.Annotation;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Filter;
import headgate.conf.ContentFilterConfig.ListUse;
import headgate.conf.ContentFilterConfig.Mode;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Pattern;
import headgate.conf.ContentFilterConfig.PatternUse;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.ContentFilterConfig.Source;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ContentFilterReaderTest {
    private static final String UPSTREAMS = "upstreams: [{ url: http://h }]";

    @Test
    void a_policy_says_what_is_judged_by_whom() throws ConfigException {
        GatewayConfig config = load("""
                state: redis://h
                judges: { safety: { kind: contentSafety, url: https://s/, key: k, charactersMax: 100, remembered: 0 } }
                blocklists:
                  words: { matchCase: true, shared: true, items: [one word, { pattern: "a+b", isRegex: true }, { pattern: "a+b" }] }
                contentFilters:
                  strict:
                    mode: Asynchronous_filter
                    outage: closed
                    annotations: [results]
                    filters:
                      - { name: Hate, source: Prompt, severityThreshold: Low, blocking: false, judge: safety }
                      - { name: Hate, source: Completion, judge: safety }
                      - { name: Indirect Attack, source: Prompt, judge: safety }
                      - { name: Profanity, source: Prompt, enabled: false, judge: safety }
                    customBlocklists: [{ blocklistName: words, source: Completion, blocking: false }]
                    patterns: [{ name: PaymentCard, source: Prompt, action: mask }]
                deployments: { a: { contentFilter: strict, upstreams: [{ url: http://h }] } }
                """);

        BlocklistConfig words = new BlocklistConfig(
                "words",
                true,
                false,
                true,
                List.of(new Item("one word", false), new Item("a+b", true), new Item("a+b", false)));
        assertThat(config.blocklists()).isEqualTo(Map.of("words", words));
        assertThat(policy(config, "a"))
                .isEqualTo(new ContentFilterConfig(
                        "strict",
                        Mode.ASYNCHRONOUS,
                        Outage.CLOSED,
                        Set.of(Annotation.RESULTS),
                        List.of(
                                new Filter(Category.HATE, Source.PROMPT, Severity.LOW, false, "safety"),
                                new Filter(Category.HATE, Source.COMPLETION, Severity.MEDIUM, true, "safety"),
                                new Filter(Category.INDIRECT_ATTACK, Source.PROMPT, null, true, "safety")),
                        List.of(new ListUse(words, Source.COMPLETION, false)),
                        List.of(new PatternUse(Pattern.PAYMENT_CARD, Source.PROMPT, Action.MASK))));
        assertThat(config.judges())
                .isEqualTo(Map.of(
                        "safety",
                        new JudgeConfig(
                                "safety",
                                JudgeConfig.Kind.CONTENT_SAFETY,
                                URI.create("https://s"),
                                new Secret("k"),
                                null,
                                Duration.ofSeconds(2),
                                64,
                                100,
                                0,
                                null)));
    }

    @Test
    void the_default_policy_is_for_deployments_that_name_none() throws ConfigException {
        GatewayConfig config = load("contentFilter: usual\ncontentFilters: { usual: {}, strict: {} }\ndeployments: {"
                + "a: { " + UPSTREAMS + " }, b: { contentFilter: strict, " + UPSTREAMS + " },"
                + "c: { contentFilter: none, " + UPSTREAMS + " } }");

        assertThat(policy(config, "a")).extracting(ContentFilterConfig::name).isEqualTo("usual");
        assertThat(policy(config, "b")).extracting(ContentFilterConfig::name).isEqualTo("strict");
        assertThat(config.deployments().get("c"))
                .extracting(DeploymentConfig::contentFilter)
                .isNull();
        assertThat(policy(config, "a"))
                .isEqualTo(new ContentFilterConfig(
                        "usual",
                        Mode.DEFAULT,
                        Outage.OPEN,
                        Set.of(Annotation.values()),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    @Test
    void ten_thousand_items_are_the_most_and_a_thousand_characters() throws ConfigException {
        assertThat(load(list(items(10_000))).blocklists()).hasSize(1);
        assertThatThrownBy(() -> load(list(items(10_001)))).hasMessageContaining("a list of 10001");
        assertThat(load(list("a".repeat(1000))).blocklists()).hasSize(1);
        assertThatThrownBy(() -> load(list("a".repeat(1001)))).hasMessageContaining("at most 1000 characters");
    }

    @Test
    void a_judge_is_named_only_for_what_its_kind_can_decide() throws ConfigException {
        String[][] refused = {
            {"contentSafety", "Profanity", "Prompt"},
            {"contentSafety", "Indirect Attack", "Completion"},
            {"moderation", "Protected Material Text", "Completion"},
            {"moderation", "Protected Material Code", "Completion"}
        };
        for (String[] parts : refused) {
            assertThatThrownBy(() -> load(judged(parts[0], parts[1], parts[2])))
                    .as(parts[0])
                    .hasMessageContaining(parts[0] + " does not decide about " + parts[1] + " of a " + parts[2]);
        }
        for (Category category : Category.values()) {
            assertThat(load(judged("webhook", category.word(), "Completion")).judges())
                    .hasSize(1);
        }
    }

    private static String judged(String kind, String category, String source) {
        return """
                judges: { j: { kind: %s, url: http://h } }
                contentFilters: { p: { filters: [{ name: %s, source: %s, judge: j }] } }
                deployments: { a: { upstreams: [{ url: http://h }] } }
                """.formatted(kind, category, source);
    }

    @Test
    void the_expressions_of_a_list_cannot_disturb_each_other() {
        for (String good : List.of("a|b", "(a)", "(?i)a", "\\Qa\\E", "a{2}")) {
            assertThat(new Item(good, true).isValid()).as(good).isTrue();
        }
        for (String bad : List.of("\\Qa", "(?P<n>a)", "a)|(b", "a)|(?:b", "(?:)", "a|", "[", "a\\", " ")) {
            assertThat(new Item(bad, true).isValid()).as(bad).isFalse();
        }
    }

    private static String items(int count) {
        return IntStream.range(0, count).mapToObj(i -> "i" + i).collect(Collectors.joining(", "));
    }

    private static String list(String items) {
        return "blocklists: { words: { items: [" + items + "] } }\ndeployments: { a: { " + UPSTREAMS + " } }";
    }

    private static ContentFilterConfig policy(GatewayConfig config, String deployment) {
        DeploymentConfig found = Objects.requireNonNull(config.deployments().get(deployment));
        return Objects.requireNonNull(found.contentFilter());
    }

    private static GatewayConfig load(String text) throws ConfigException {
        return ConfigLoader.load(text, Path.of("headgate.yaml").toAbsolutePath(), Map.of());
    }
}
