package headgate.filters.content.completion;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ContentFilterConfig.Severity;
import headgate.filters.content.WaitingJudge;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges are asked about a stream batch by batch; text waits for them, or goes ahead within a bound. */
final class JudgedStreamTest {
    private static final String HATE = "filters: [{ name: Hate, source: Completion, judge: hate }]";
    private static final String JUDGES = "judges: { hate: { kind: webhook, url: http://h } }";
    private static final String HUNDRED = "x".repeat(99) + " ";

    private final WaitingJudge judge = new WaitingJudge();

    @Test
    void a_batch_waits_until_it_is_judged_and_the_next_is_asked_about_with_what_stands_before() {
        try (FilteredAnswer answer = answer("").stream()) {
            assertThat(answer.part(Chunks.text(0, "a".repeat(60)))).isEmpty();
            assertThat(judge.asked()).isEmpty();
            answer.part(Chunks.text(0, "b".repeat(60)) + Chunks.text(0, "c".repeat(60)));
            assertThat(judge.asked()).containsExactly("a".repeat(60) + "b".repeat(60));
            assertThat(answer.passed()).isEmpty();
            judge.finds(Severity.SAFE);
            assertThat(Chunks.read(answer.taken(), 0)).isEqualTo("a".repeat(60) + "b".repeat(60));
            answer.part(Chunks.finish(0, "stop") + Chunks.DONE);
            assertThat(judge.asked())
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith("b" + "c".repeat(60))
                    .startsWith("a");
            answer.end();
            assertThat(answer.complete()).isFalse();
            judge.finds(Severity.LOW);
            answer.taken();
            assertThat(answer.passed())
                    .contains("\"finish_reason\":\"stop\",\"content_filter_results\":"
                            + "{\"hate\":{\"filtered\":false,\"severity\":\"low\"}}")
                    .endsWith(Chunks.DONE);
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void nothing_of_a_batch_that_is_forbidden_goes_on() {
        try (FilteredAnswer answer = answer("").stream()) {
            answer.part(Chunks.text(0, HUNDRED));
            judge.finds(Severity.SAFE);
            answer.part(Chunks.text(0, "bad ".repeat(30)) + Chunks.text(0, "more"));
            judge.finds(Severity.HIGH);
            answer.taken();
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo(HUNDRED);
            assertThat(answer.passed())
                    .contains("\"finish_reason\":\"content_filter\",\"content_filter_results\":"
                            + "{\"hate\":{\"filtered\":true,\"severity\":\"high\"}}")
                    .endsWith(Chunks.DONE);
            assertThat(answer.complete()).isTrue();
            assertThat(answer.heldBytes.held()).isZero();
        }
    }

    @Test
    void text_may_go_ahead_of_judges_by_a_thousand_characters() {
        try (FilteredAnswer answer = answer(", mode: Asynchronous_filter").stream()) {
            for (int i = 0; i < 15; i++) {
                answer.part(Chunks.text(0, HUNDRED));
            }
            assertThat(Chunks.read(answer.passed(), 0)).hasSize(1000);
            judge.finds(Severity.SAFE);
            assertThat(answer.taken())
                    .contains("\"index\":0,\"finish_reason\":null,\"content_filter_results\":{\"hate\":"
                            + "{\"filtered\":false,\"severity\":\"safe\"}},\"content_filter_offsets\":"
                            + "{\"check_offset\":0,\"start_offset\":0,\"end_offset\":100}");
            assertThat(Chunks.read(answer.passed(), 0)).hasSize(1100);
            judge.finds(Severity.MEDIUM);
            answer.taken();
            assertThat(Chunks.read(answer.passed(), 0)).hasSize(1100);
            assertThat(answer.passed())
                    .contains("\"finish_reason\":\"content_filter\"")
                    .endsWith(Chunks.DONE);
        }
    }

    @Test
    void a_choice_whose_text_has_gone_on_is_ended_by_an_event_of_its_own() {
        try (FilteredAnswer answer = answer(", mode: Asynchronous_filter").stream()) {
            answer.part(Chunks.text(0, HUNDRED));
            judge.finds(Severity.HIGH);
            assertThat(answer.taken())
                    .isEqualTo(
                            "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\","
                                    + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"content_filter\","
                                    + "\"content_filter_results\":{\"hate\":{\"filtered\":true,\"severity\":\"high\"}}}]}\n\n"
                                    + Chunks.DONE);
        }
    }

    @Test
    void a_verdict_that_comes_behind_the_end_of_a_choice_ends_it_otherwise() {
        try (FilteredAnswer answer = answer(", mode: Asynchronous_filter").stream()) {
            answer.part(Chunks.text(0, "bad") + Chunks.finish(0, "stop") + Chunks.DONE);
            answer.end();
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo("bad");
            assertThat(answer.passed()).doesNotContain("stop");
            judge.finds(Severity.HIGH);
            answer.taken();
            assertThat(answer.passed())
                    .contains("\"finish_reason\":\"content_filter\"")
                    .doesNotContain("stop")
                    .endsWith(Chunks.DONE);
            assertThat(answer.complete()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_judge_that_fails_lets_pass_or_not_as_the_policy_says(boolean open) {
        try (FilteredAnswer answer = answer(", outage: " + (open ? "open" : "closed")).stream()) {
            answer.part(Chunks.text(0, HUNDRED) + Chunks.finish(0, "stop"));
            judge.fails("gone");
            answer.taken();
            assertThat(answer.passed().contains("\"code\":\"content_filter_error\""))
                    .isEqualTo(open);
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo(open ? HUNDRED : "");
            assertThat(answer.errors()).hasSize(open ? 0 : 1);
            assertThat(answer.heldBytes.held()).isZero();
        }
    }

    @Test
    void a_response_is_ended_in_its_own_words() {
        String delta =
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":4,"
                        + "\"output_index\":0,\"content_index\":0,\"delta\":\"" + HUNDRED + "\"}\n\n";
        String created = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r-1\","
                + "\"model\":\"m\",\"instructions\":\"text\",\"output\":[]},\"sequence_number\":0}\n\n";
        try (FilteredAnswer answer = new FilteredAnswer("responses", 1, HATE, Map.of("hate", judge), JUDGES).stream()) {
            assertThat(answer.part(created)).isEqualTo(created);
            answer.part(delta);
            judge.finds(Severity.HIGH);
            assertThat(answer.taken())
                    .startsWith(delta.replace(HUNDRED, ""))
                    .contains(
                            "event: response.incomplete\ndata: {\"type\":\"response.incomplete\",\"sequence_number\":5,"
                                    + "\"response\":{\"id\":\"r-1\"",
                            "\"incomplete_details\":{\"reason\":\"content_filter\"}")
                    .doesNotContain("[DONE]");
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void verdicts_are_told_in_no_words_that_a_response_does_not_have() {
        String policy = HATE + ", mode: Asynchronous_filter";
        try (FilteredAnswer answer =
                new FilteredAnswer("responses", 1, policy, Map.of("hate", judge), JUDGES).stream()) {
            answer.part("data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"" + HUNDRED
                    + "\"}\n\n");
            judge.finds(Severity.SAFE);
            assertThat(answer.taken()).isEmpty();
        }
    }

    private FilteredAnswer answer(String more) {
        return new FilteredAnswer("chat/completions", 1, HATE + more, Map.of("hate", judge), JUDGES);
    }
}
