package headgate.filters.content.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.GatewayConfig;
import headgate.conf.LimitsConfig;
import headgate.filters.BodyEnd;
import headgate.filters.Configured;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.HeldBytes;
import headgate.filters.content.Judge;
import headgate.filters.content.WaitingJudge;
import headgate.filters.content.completion.CompletionFilterHandler;
import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Judges are asked when the rules have found nothing, all at once, and the last one's answer decides. */
final class PromptFilterHandlerTest {
    private static final LimitsConfig LIMITS = Configured.limits(1 << 20, 1 << 20);

    private final WaitingJudge hate = new WaitingJudge();
    private final WaitingJudge attack = new WaitingJudge();
    private final PromptScans scans = new PromptScans();
    private final HeldBytes heldBytes = new HeldBytes(LIMITS);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExchangeProbe probe = ExchangeProbe.on(channel);

    private FilterPolicies policies = new FilterPolicies(
            Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }"), Map.of(), null, null);

    @AfterEach
    void nothingIsHeld() {
        channel.finishAndReleaseAll();
        assertThat(heldBytes.held()).isZero();
    }

    @Test
    void the_end_passes_when_all_judges_have_found_nothing() throws Exception {
        ask("open", "{\"messages\":[{\"content\":\"hi \\u0041\"}],\"tools\":[{\"description\":\"tool\"}]}");
        assertThat(hate.questions()).singleElement().satisfies(question -> {
            assertThat(question.categories()).containsExactly(Category.HATE);
            assertThat(question.texts()).containsExactly(new Judge.Text("hi A", false), new Judge.Text("tool", true));
        });
        assertThat(attack.questions()).as("both are asked at once").hasSize(1);
        hate.finds(Severity.LOW);
        assertThat(ended()).as("one has not answered").isFalse();
        attack.detects(false);
        assertThat(ended()).isTrue();
        assertThat(probe.errors()).isEmpty();
    }

    @Test
    void what_any_judge_finds_is_refused_with_all_that_was_found() throws Exception {
        ask("open", "{\"prompt\":\"hi\"}");
        hate.finds(Severity.HIGH);
        assertThat(probe.errors()).as("the other one may have found more").isEmpty();
        attack.detects(true);
        assertThat(probe.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.filterResults())
                        .isEqualTo("{\"hate\":{\"filtered\":true,\"severity\":\"high\"},"
                                + "\"jailbreak\":{\"filtered\":true,\"detected\":true}}"));
        assertThat(ended()).isFalse();
    }

    @Test
    void a_judge_that_fails_lets_pass_or_not_as_the_policy_says() throws Exception {
        ask("open", "{\"prompt\":\"hi\"}");
        attack.detects(false);
        hate.fails("away");
        assertThat(ended()).isTrue();
        probe.end();
        ask("closed", "{\"prompt\":\"hi\"}");
        attack.detects(false);
        hate.fails("away");
        assertThat(probe.errors()).singleElement().satisfies(error -> {
            assertThat(error.status()).isEqualTo(503);
            assertThat(error.fields()).isNotEmpty();
        });
        assertThat(ended()).isFalse();
    }

    @Test
    void more_text_than_judges_are_given_counts_as_not_judged() throws Exception {
        int max = LIMITS.contentFilter().judgedBytes();
        ask("closed", "{\"prompt\":\"" + "x".repeat(max) + "\"}");
        assertThat(probe.errors()).as("at the bound").isEmpty();
        assertThat(hate.questions()).hasSize(1);
        probe.end();
        ask("closed", "{\"prompt\":\"" + "x".repeat(max + 1) + "\"}");
        assertThat(probe.errors()).as("above").hasSize(1);
        assertThat(hate.questions()).hasSize(1);
    }

    @Test
    void blanks_count_as_text_that_judges_were_not_given() throws Exception {
        String blanks = " ".repeat(LIMITS.contentFilter().judgedBytes() + 1);
        ask("closed", "{\"messages\":[{\"content\":\"" + blanks + "\"},{\"content\":\"something hateful\"}]}");
        assertThat(probe.errors()).hasSize(1);
        assertThat(ended()).isFalse();
    }

    @Test
    void what_a_judge_found_counts_although_it_could_not_judge_all() throws Exception {
        ask("open", "{\"prompt\":[\"one\",\"two\"]}");
        attack.detects(false);
        hate.fails("one of them", Severity.HIGH);
        assertThat(probe.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.status()).isEqualTo(400));
        assertThat(ended()).isFalse();
    }

    @Test
    void a_role_is_a_text_unless_it_is_one_of_the_usual_ones() throws Exception {
        String good =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"mine\"},{\"role\":\"assistants\"},{\"role\":\"u\"}]}";
        for (int split = 1; split < good.length(); split++) {
            ask("open", good.substring(0, split), good.substring(split));
            assertThat(hate.questions().remove(0).texts())
                    .as("split at %d", split)
                    .extracting(Judge.Text::characters)
                    .containsExactly("mine", "assistants", "u");
            probe.end();
        }
        String bad = good.replace("assistants", "a bad word");
        for (int split = 1; split < bad.length(); split++) {
            ask("open", bad.substring(0, split), bad.substring(split));
            assertThat(probe.errors()).as("split at %d", split).hasSize(split);
        }
    }

    @Test
    void a_verdict_that_comes_late_changes_nothing_of_the_next_exchange() throws Exception {
        ask("open", "{\"prompt\":\"first\"}");
        probe.end();
        ask("open", "{\"prompt\":\"second\"}");
        hate.finds(Severity.HIGH);
        attack.detects(true);
        assertThat(probe.errors()).isEmpty();
        assertThat(ended()).as("the second is still waiting").isFalse();
        hate.finds(Severity.SAFE);
        attack.detects(false);
        assertThat(ended()).isTrue();
    }

    @Test
    void nobody_is_asked_about_what_a_rule_refuses_or_about_nothing() throws Exception {
        ask("open", "{\"prompt\":\"a bad word\"}");
        assertThat(probe.errors()).hasSize(1);
        assertThat(hate.questions()).isEmpty();
        ask("open", "{\"prompt\":\" \"}");
        assertThat(ended()).isTrue();
        assertThat(hate.questions()).isEmpty();
    }

    @Test
    void what_tools_answered_is_a_document_wherever_the_role_and_the_parts_stand() throws Exception {
        String body =
                "{\"messages\":[{\"content\":\"found\",\"role\":\"tool\"},{\"role\":\"user\",\"content\":\"mine\"},"
                        + "{\"role\":\"function\",\"content\":[{\"text\":\"old\"}]}]}";
        for (int split = 1; split < body.length(); split++) {
            ask("open", body.substring(0, split), body.substring(split));
            assertThat(hate.questions().remove(0).texts())
                    .as("split at %d", split)
                    .containsExactly(
                            new Judge.Text("found", true), new Judge.Text("mine", false), new Judge.Text("old", true));
            probe.end();
        }
    }

    @Test
    void media_are_told_not_to_be_judged_and_a_prompt_of_which_nothing_is_told_leaves_its_answer_alone()
            throws Exception {
        ask("open", "{\"messages\":[{\"content\":[{\"text\":\" \"}]}]}");
        assertThat(channel.pipeline().get(CompletionFilterHandler.class)).isNull();
        probe.end();
        ask("open", "{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"http://h\"}}]}]}");
        assertThat(channel.pipeline().get(CompletionFilterHandler.class)).isNotNull();
        probe.end();
        assertThat(channel.pipeline().get(CompletionFilterHandler.class)).isNull();
    }

    private void ask(String outage, String... parts) throws JsonException {
        GatewayConfig config = Configured.with(
                "d: { contentFilter: p, upstreams: [{ url: \"http://127.0.0.1:1\" }] }",
                "judges: { hate: { kind: webhook, url: http://h }, attack: { kind: webhook, url: http://h } }",
                "blocklists: { words: { items: [bad word] } }",
                "contentFilters: { p: { outage: " + outage
                        + ", customBlocklists: [{ blocklistName: words, source: Prompt }],"
                        + " filters: [{ name: Hate, source: Prompt, judge: hate },"
                        + " { name: Jailbreak, source: Prompt, judge: attack }] } }");
        policies = new FilterPolicies(config, Map.of("hate", hate, "attack", attack), null, null);
        channel.releaseInbound();
        if (channel.pipeline().first() == null) {
            channel.pipeline()
                    .addLast(
                            "gate",
                            new PromptFilterHandler(
                                    deployment -> policies.of(deployment), scans, LIMITS, heldBytes, "gate"));
        }
        Exchange exchange = probe.exchange("POST /openai/v1/chat/completions");
        exchange.deployment(Objects.requireNonNull(new Deployments(config).find("d")));
        JsonScanner scan = new JsonScanner(10, 100);
        exchange.scan(scan);
        channel.writeInbound(exchange);
        for (String each : parts) {
            ByteBuf part = Unpooled.copiedBuffer(each, StandardCharsets.UTF_8);
            scan.feed(part);
            channel.writeInbound(part);
        }
        channel.writeInbound(BodyEnd.INSTANCE);
    }

    /** Whether the end came out behind the gate. */
    private boolean ended() {
        return channel.inboundMessages().contains(BodyEnd.INSTANCE);
    }
}
