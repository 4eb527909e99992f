package headgate.filters.content.completion;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ContentFilterConfig.Severity;
import headgate.filters.content.WaitingJudge;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in front of a cut is judged too, and then goes on: a blocked answer ends. */
final class BlockedAnswerTest {
    private static final String LISTS = "blocklists: { words: { items: [blockme] } }";
    private static final String WORDS = "customBlocklists: [{ blocklistName: words, source: Completion }]";
    private static final String HATE = "filters: [{ name: Hate, source: Completion, judge: hate }]";
    private static final String JUDGES = "judges: { hate: { kind: webhook, url: http://h } }";
    private static final String LONG = "y".repeat(150) + " ";

    private final WaitingJudge judge = new WaitingJudge();

    @ParameterizedTest
    @EnumSource(
            value = Severity.class,
            names = {"SAFE", "HIGH"})
    void judges_are_asked_about_what_stands_in_front_of_a_word(Severity severity) {
        try (FilteredAnswer answer = both("").stream()) {
            answer.part(Chunks.text(0, "Good text. ") + Chunks.text(0, "and blockme more") + Chunks.text(0, "evil"));
            assertThat(judge.asked()).containsExactly("Good text. and ");
            assertThat(answer.passed()).isEmpty();
            judge.finds(severity);
            answer.taken();
            assertEnds(answer, severity == Severity.SAFE ? "Good text. and " : "");
        }
    }

    @ParameterizedTest
    @CsvSource({"SAFE,SAFE", "SAFE,HIGH", "HIGH,"})
    void a_batch_that_is_being_judged_and_then_the_rest_are_waited_for(Severity first, Severity second) {
        try (FilteredAnswer answer = both("").stream()) {
            answer.part(Chunks.text(0, LONG) + Chunks.text(0, "and blockme more"));
            assertThat(judge.asked()).containsExactly(LONG);
            judge.finds(first);
            if (second != null) {
                assertThat(judge.asked()).last().asString().endsWith("y and ");
                judge.finds(second);
            }
            answer.taken();
            assertEnds(answer, first == Severity.HIGH ? "" : second == Severity.HIGH ? LONG : LONG + "and ");
        }
    }

    @Test
    void a_word_inside_of_what_is_being_judged_waits_for_that_verdict_alone() {
        try (FilteredAnswer answer = both("").stream()) {
            answer.part(Chunks.text(0, LONG + "block"));
            answer.part(Chunks.text(0, "me more"));
            judge.finds(Severity.SAFE);
            answer.taken();
            assertThat(judge.asked()).hasSize(1);
            assertEnds(answer, LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"reasoning_content\":\"short thought\"",
                "\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\"}}]"
            })
    void the_rest_of_other_texts_is_judged_when_one_is_forbidden(String other) {
        try (FilteredAnswer answer = hate("").stream()) {
            answer.part(Chunks.chunk(0, "\"delta\":{" + other + "}") + Chunks.text(0, LONG));
            judge.finds(Severity.HIGH);
            assertThat(judge.asked()).hasSize(2);
            assertThat(answer.passed()).isEmpty();
            judge.finds(Severity.SAFE);
            answer.taken();
            assertThat(answer.passed()).contains(other);
            assertEnds(answer, "");
        }
    }

    @Test
    void verdicts_may_come_in_any_order_and_the_first_forbidden_text_is_the_cut() {
        try (FilteredAnswer answer = hate("").stream()) {
            answer.part(Chunks.chunk(0, "\"delta\":{\"reasoning_content\":\"" + LONG + "\"}") + Chunks.text(0, LONG));
            judge.swap();
            judge.finds(Severity.HIGH);
            assertThat(answer.taken()).isEmpty();
            judge.finds(Severity.HIGH);
            answer.taken();
            assertThat(answer.passed()).doesNotContain("yyy").containsOnlyOnce("\"finish_reason\":\"content_filter\"");
            assertEnds(answer, "");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_whole_answer_waits_for_what_is_in_front_of_a_word(boolean bad) {
        String sent =
                "{\"choices\":[{\"index\":0,\"message\":{\"reasoning_content\":\"thought\",\"content\":\"a blockme b\"},"
                        + "\"finish_reason\":\"stop\"}]}";
        try (FilteredAnswer answer = both("").whole()) {
            answer.part(sent);
            answer.end();
            assertThat(judge.asked()).containsExactly("thought", "a ");
            judge.finds(bad ? Severity.HIGH : Severity.SAFE);
            judge.finds(Severity.SAFE);
            answer.taken();
            assertThat(answer.passed())
                    .startsWith(
                            bad
                                    ? "{\"choices\":[{\"index\":0,\"message\":{\"reasoning_content\":\"\",\"content\":\"\"},"
                                    : "{\"choices\":[{\"index\":0,\"message\":{\"reasoning_content\":\"thought\",\"content\":\"a \"},")
                    .contains("\"finish_reason\":\"content_filter\"");
            assertThat(answer.complete()).isTrue();
            assertThat(answer.heldBytes.held()).isZero();
        }
    }

    @Test
    void a_stream_that_has_gone_ahead_is_ended_once_whatever_its_judge_finds_late() {
        try (FilteredAnswer answer = both(", mode: Asynchronous_filter").stream()) {
            answer.part(Chunks.text(0, LONG) + Chunks.text(0, "and blockme more"));
            judge.finds(Severity.HIGH);
            answer.taken();
            assertThat(answer.passed()).containsOnlyOnce("\"finish_reason\":\"content_filter\"");
            assertEnds(answer, LONG + "and ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_judge_that_fails_about_the_rest_lets_it_pass_or_not_as_the_policy_says(boolean open) {
        try (FilteredAnswer answer = both(", outage: " + (open ? "open" : "closed")).stream()) {
            answer.part(Chunks.text(0, "front blockme "));
            judge.fails("gone");
            answer.taken();
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo(open ? "front " : "");
            assertThat(answer.errors()).hasSize(open ? 0 : 1);
            assertThat(answer.complete()).isEqualTo(open);
        }
    }

    @Test
    void a_verdict_that_comes_when_the_exchange_is_over_writes_nothing() {
        try (FilteredAnswer answer = hate("").whole()) {
            answer.part("{\"choices\":[{\"message\":{\"content\":\"secret\"}}]}");
            answer.end();
            answer.leave();
            judge.finds(Severity.SAFE);
            assertThat(answer.taken()).isEmpty();
            assertThat(answer.complete()).isFalse();
            assertThat(answer.head()).isNull();
        }
    }

    private static void assertEnds(FilteredAnswer answer, String text) {
        assertThat(Chunks.read(answer.passed(), 0)).isEqualTo(text);
        assertThat(answer.passed())
                .containsOnlyOnce("\"finish_reason\":\"content_filter\"")
                .endsWith(Chunks.DONE);
        assertThat(answer.complete()).isTrue();
        assertThat(answer.heldBytes.held()).isZero();
    }

    private FilteredAnswer both(String more) {
        return new FilteredAnswer(
                "chat/completions", 1, WORDS + ", " + HATE + more, Map.of("hate", judge), LISTS, JUDGES);
    }

    private FilteredAnswer hate(String more) {
        return new FilteredAnswer("chat/completions", 1, HATE + more, Map.of("hate", judge), JUDGES);
    }
}
