package headgate.filters.content.completion;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.content.WaitingJudge;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A forbidden word reaches no caller in any part, and everything in front of it does. */
final class StreamFilterTest {
    private static final String LISTS = "blocklists: { words: { items: [forbidden phrase, 坏词, blockme] } }";
    private static final String WORDS = "customBlocklists: [{ blocklistName: words, source: Completion }]";
    private static final String MASKS = "patterns: [{ name: PaymentCard, source: Completion, action: mask }]";
    private static final String CLOSED =
            "\"finish_reason\":\"content_filter\",\"content_filter_results\":{\"custom_blocklists\":{\"filtered\":true,"
                    + "\"details\":[{\"filtered\":true,\"id\":\"words\"}]}}";

    @ParameterizedTest
    @ValueSource(strings = {"forbidden phrase", "forbid\\u0064en phrase", "坏词", "FORBIDDEN\\tPHRASE", "\\u574f\\u8bcd"})
    void a_word_may_be_split_between_any_two_events(String word) {
        String text = "Say " + word + " now.";
        for (int split = 1; split < text.length(); split++) {
            if (inEscape(text, split)) {
                continue;
            }
            try (FilteredAnswer answer = answer(1).stream()) {
                answer.part(Chunks.text(0, text.substring(0, split)));
                answer.part(Chunks.text(0, text.substring(split)));
                answer.part(Chunks.finish(0, "stop") + Chunks.usage() + Chunks.DONE);
                answer.end();
                assertThat(Chunks.read(answer.passed(), 0))
                        .as("split at %d", split)
                        .isEqualTo("Say ");
                assertThat(answer.passed())
                        .contains(CLOSED)
                        .endsWith(Chunks.DONE)
                        .doesNotContain("usage", "stop");
                assertThat(answer.complete()).isTrue();
            }
        }
    }

    @Test
    void the_bytes_may_come_in_any_two_parts() {
        byte[] stream = (Chunks.text(0, "Say forbidden")
                        + Chunks.text(0, " phrase")
                        + Chunks.finish(0, "stop")
                        + Chunks.DONE)
                .replace("\n\n", "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        for (int split = 1; split < stream.length; split++) {
            try (FilteredAnswer answer = answer(1).stream()) {
                answer.part(Arrays.copyOf(stream, split));
                answer.part(Arrays.copyOfRange(stream, split, stream.length));
                assertThat(Chunks.read(answer.passed(), 0))
                        .as("split at %d", split)
                        .isEqualTo("Say ");
                assertThat(answer.passed()).contains(CLOSED).endsWith(Chunks.DONE);
                assertThat(answer.complete())
                        .as("without waiting for the upstream")
                        .isTrue();
            }
        }
    }

    @Test
    void what_is_not_forbidden_passes_byte_for_byte() {
        String stream = ": comment\n\n" + Chunks.text(0, "Say forbidden") + "event: x\nid: 7\n"
                + Chunks.text(0, " phras\\u0065s, 好词") + Chunks.text(0, "") + Chunks.finish(0, "stop")
                + Chunks.usage() + Chunks.DONE;
        for (String ends : List.of("\n", "\r\n", "\r")) {
            String sent = stream.replace("\n", ends);
            byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
            for (int split = 1; split < bytes.length; split++) {
                try (FilteredAnswer answer = answer(1).stream()) {
                    answer.part(Arrays.copyOf(bytes, split));
                    answer.part(Arrays.copyOfRange(bytes, split, bytes.length));
                    answer.end();
                    assertThat(answer.passed()).as("split at %d", split).isEqualTo(sent);
                    assertThat(answer.complete()).isTrue();
                    assertThat(answer.heldBytes.held()).isZero();
                }
            }
        }
    }

    @Test
    void text_flows_while_nothing_of_it_can_become_forbidden() {
        try (FilteredAnswer answer = answer(1).stream()) {
            assertThat(answer.part(Chunks.text(0, "Hello "))).isNotEmpty();
            assertThat(answer.part(Chunks.text(0, "forbidden"))).isEmpty();
            assertThat(answer.heldBytes.held()).isPositive();
            assertThat(Chunks.read(answer.part(Chunks.text(0, " fruit ")), 0)).isEqualTo("forbidden fruit ");
            assertThat(answer.heldBytes.held()).isZero();
        }
    }

    @Test
    void one_choice_ends_and_the_others_go_on() {
        try (FilteredAnswer answer = answer(2).stream()) {
            answer.part(Chunks.text(0, "a blockme b") + Chunks.text(1, "one ") + Chunks.text(0, "c"));
            assertThat(answer.passed()).contains(CLOSED);
            answer.part(Chunks.text(1, "two") + Chunks.finish(0, "stop") + Chunks.finish(1, "stop"));
            String rest = Chunks.usage() + Chunks.DONE;
            answer.part(rest);
            answer.end();
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo("a ");
            assertThat(Chunks.read(answer.passed(), 1)).isEqualTo("one two");
            assertThat(answer.passed())
                    .containsOnlyOnce("\"finish_reason\":\"stop\"")
                    .endsWith(rest);
        }
    }

    @Test
    void choices_of_one_event_are_cut_on_their_own() {
        String both =
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"a blockme b\"},\"logprobs\":{\"content\":[{\"token\":"
                        + "\"blockme\"}]},\"index\":1},{\"index\":0,\"delta\":{\"content\":\"q\"},\"finish_reason\":null}]}\n\n";
        try (FilteredAnswer answer = answer(2).stream()) {
            answer.part(both + Chunks.text(1, "more"));
            assertThat(answer.passed())
                    .doesNotContain("blockme", "more")
                    .contains("\"logprobs\":null")
                    .contains("\"index\":1," + CLOSED + "},{\"index\":0,\"delta\":{\"content\":\"q\"}");
            assertThat(answer.complete()).isFalse();
            answer.part(both.replace("a blockme b", "later").replace("\"q\"", "\"z\""));
            assertThat(answer.passed()).contains("\"z\"").doesNotContain("later");
        }
    }

    @Test
    void arguments_of_each_tool_call_are_texts_of_their_own() {
        String first =
                "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{block\"}},"
                        + "{\"function\":{\"arguments\":\"x\"},\"index\":1}]}";
        String other = "\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"me\"}}]}";
        String same = "\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"me}\"},\"index\":0}]}";
        try (FilteredAnswer answer = answer(1).stream()) {
            answer.part(Chunks.chunk(0, first) + Chunks.chunk(0, other));
            answer.end();
            assertThat(answer.passed()).contains("{block", "me").doesNotContain("content_filter");
        }
        try (FilteredAnswer answer = answer(1).stream()) {
            answer.part(Chunks.chunk(0, first) + Chunks.chunk(0, other) + Chunks.chunk(0, same));
            assertThat(answer.passed())
                    .contains("\"arguments\":\"{\"")
                    .contains(CLOSED)
                    .doesNotContain("{block");
        }
    }

    @Test
    void texts_of_plain_completions_are_judged_too() {
        try (FilteredAnswer answer = new FilteredAnswer("completions", 1, WORDS, Map.of(), LISTS).stream()) {
            answer.part("data: {\"id\":\"c\",\"choices\":[{\"text\":\"a block\",\"index\":0}]}\n\n");
            answer.part("data: {\"id\":\"c\",\"choices\":[{\"text\":\"me.\",\"index\":0}]}\n\n");
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo("a ");
            assertThat(answer.passed()).contains(CLOSED).endsWith(Chunks.DONE);
        }
    }

    @Test
    void what_is_masked_is_written_over_in_all_events_it_stands_in() {
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, MASKS, Map.of()).stream()) {
            answer.part(Chunks.text(0, "card 4111 11") + Chunks.text(0, "11 1111") + Chunks.text(0, " 1111, thanks"));
            answer.part(Chunks.finish(0, "stop") + Chunks.DONE);
            answer.end();
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo("card " + "*".repeat(19) + ", thanks");
            assertThat(answer.passed())
                    .contains(
                            "\"content_filter_results\":{\"personally_identifiable_information\":{\"filtered\":false");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_no_event_of_json_goes_on_or_ends_the_answer(boolean open) {
        String policy = WORDS + ", outage: " + (open ? "open" : "closed");
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, policy, Map.of(), LISTS).stream()) {
            answer.part(Chunks.text(0, "fine ") + "data: {\"choices\":[{\"delta\":{\"content\":\"blockme\n\n");
            assertThat(answer.passed().contains("blockme")).isEqualTo(open);
            assertThat(answer.errors()).hasSize(open ? 0 : 1);
            assertThat(answer.part(Chunks.text(0, "more")).isEmpty()).isEqualTo(!open);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void more_than_may_wait_ends_the_answer_where_rules_have_a_say(boolean open) {
        String policy = WORDS + ", outage: " + (open ? "open" : "closed");
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, policy, Map.of(), LISTS).stream()) {
            answer.part("data: {\"x\":\"" + "y".repeat(70_000));
            assertThat(answer.passed()).isEmpty();
            assertThat(answer.errors()).hasSize(1);
            assertThat(answer.heldBytes.held()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rules_go_on_when_too_much_waits_for_a_judge(boolean open) {
        String policy = WORDS + ", filters: [{ name: Hate, source: Completion, judge: hate }], outage: "
                + (open ? "open" : "closed");
        String judges = "judges: { hate: { kind: webhook, url: http://h } }";
        try (FilteredAnswer answer = new FilteredAnswer(
                        "chat/completions", 1, policy, Map.of("hate", new WaitingJudge()), LISTS, judges)
                .stream()) {
            for (int i = 0; i < 400; i++) {
                answer.part(Chunks.text(0, "word ".repeat(20)));
            }
            answer.part(Chunks.text(0, " blockme ") + Chunks.text(0, "more"));
            assertThat(answer.errors()).hasSize(open ? 0 : 1);
            assertThat(answer.complete()).isEqualTo(open);
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo(open ? "word ".repeat(8000) + " " : "");
            assertThat(answer.passed().contains("content_filter_error")).isEqualTo(open);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"stop\""})
    void a_reason_on_each_event_ends_no_word(String reason) {
        try (FilteredAnswer answer = answer(1).stream()) {
            String chunk = "\"delta\":{\"content\":\"TEXT\"},\"finish_reason\":" + reason;
            answer.part(Chunks.chunk(0, chunk.replace("TEXT", "well, "))
                    + Chunks.chunk(0, chunk.replace("TEXT", "a block")));
            assertThat(Chunks.read(answer.passed(), 0)).as("it flows").isEqualTo("well, ");
            answer.part(Chunks.chunk(0, chunk.replace("TEXT", "me b")));
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo("well, a ");
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void of_several_choices_each_is_over_when_it_says_so() {
        try (FilteredAnswer answer = answer(2).stream()) {
            answer.part(
                    Chunks.text(0, "a block") + Chunks.finish(0, "stop") + Chunks.text(0, "me") + Chunks.text(1, "b "));
            assertThat(Chunks.read(answer.passed(), 0)).isEqualTo("a block");
            assertThat(Chunks.read(answer.passed(), 1))
                    .as("nothing waits for it")
                    .isEqualTo("b ");
        }
    }

    @Test
    void an_event_that_cannot_be_read_revives_no_choice() {
        try (FilteredAnswer answer = answer(2).stream()) {
            answer.part(Chunks.text(0, "a blockme b") + Chunks.text(1, "fine ") + "data: ping\n\n");
            answer.part(Chunks.text(0, "again ") + Chunks.text(1, "too blockme") + Chunks.DONE);
            answer.end();
            assertThat(answer.passed())
                    .contains("data: ping\n\n", "content_filter_error")
                    .doesNotContain("blockme");
            String readable = answer.passed().replace("data: ping\n\n", "");
            assertThat(Chunks.read(readable, 0)).isEqualTo("a ");
            assertThat(Chunks.read(readable, 1)).isEqualTo("fine too ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt\":[\"a\",\"b\"]}", "{\"prompt\":[[1,2],[3]]}", "{\"prompt\":\"a\",\"n\":2}"})
    void each_of_several_prompts_has_its_choice(String body) {
        try (FilteredAnswer answer = new FilteredAnswer("completions", body, WORDS, Map.of(), LISTS).stream()) {
            String other = "data: {\"id\":\"c\",\"choices\":[{\"text\":\"second\",\"index\":1}]}\n\n";
            answer.part("data: {\"id\":\"c\",\"choices\":[{\"text\":\"a blockme.\",\"index\":0}]}\n\n" + other);
            answer.part(Chunks.DONE);
            answer.end();
            assertThat(answer.passed())
                    .contains(CLOSED, "\"text\":\"second\"")
                    .containsOnlyOnce("[DONE]")
                    .endsWith(Chunks.DONE);
            assertThat(answer.complete()).isTrue();
        }
    }

    private static FilteredAnswer answer(int choices) {
        return new FilteredAnswer("chat/completions", choices, WORDS, Map.of(), LISTS);
    }

    private static boolean inEscape(String text, int split) {
        for (int from = Math.max(0, split - 5); from < split; from++) {
            if (text.charAt(from) == '\\' && split < from + (text.charAt(from + 1) == 'u' ? 6 : 2)) {
                return true;
            }
        }
        return false;
    }
}
