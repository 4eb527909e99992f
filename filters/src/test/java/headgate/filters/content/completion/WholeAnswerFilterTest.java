package headgate.filters.content.completion;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.content.WaitingJudge;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that is no stream waits until it is complete, and is edited where it must be. */
final class WholeAnswerFilterTest {
    private static final String LISTS = "blocklists: { words: { items: [forbidden phrase, blockme] } }";
    private static final String WORDS = "customBlocklists: [{ blocklistName: words, source: Completion }]";
    private static final String RESULTS = "\"content_filter_results\":{\"custom_blocklists\":{\"filtered\":true,"
            + "\"details\":[{\"filtered\":true,\"id\":\"words\"}]}}";

    @Test
    void a_text_is_cut_in_front_of_what_is_forbidden_wherever_the_bytes_are_split() {
        String sent = chat("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Say forbidden phrase.\"},"
                + "\"logprobs\":{\"content\":[{\"token\":\"forbidden\"}]},\"finish_reason\":\"stop\"},"
                + "{\"index\":1,\"message\":{\"content\":\"fine\"},\"finish_reason\":\"stop\"}");
        String expected = chat("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Say \"},"
                + "\"logprobs\":null,\"finish_reason\":\"content_filter\"," + RESULTS + "},"
                + "{\"index\":1,\"message\":{\"content\":\"fine\"},\"finish_reason\":\"stop\"}");
        byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
        for (int split = 1; split < bytes.length; split++) {
            try (FilteredAnswer answer = answer("chat/completions", "").whole()) {
                assertThat(answer.part(Arrays.copyOf(bytes, split))).isEmpty();
                assertThat(answer.head()).isNull();
                answer.part(Arrays.copyOfRange(bytes, split, bytes.length));
                assertThat(answer.end()).isEqualTo(expected);
                assertThat(answer.head())
                        .extracting(head -> head.contentLength())
                        .isEqualTo((long) expected.length());
                assertThat(answer.complete()).isTrue();
            }
        }
    }

    @Test
    void what_is_not_forbidden_passes_byte_for_byte() {
        String sent =
                "\n " + chat("{\"message\":{\"content\":\"for\\u0062idden fruit\",\"tool_calls\":null}}") + " \r\n";
        try (FilteredAnswer answer = answer("chat/completions", "").whole()) {
            answer.part(sent);
            assertThat(answer.end()).isEqualTo(sent);
        }
    }

    @Test
    void a_response_becomes_incomplete() {
        String sent =
                "{\"id\":\"r\",\"status\":\"completed\",\"incomplete_details\":null,\"instructions\":\"never say blockme\","
                        + "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\"},"
                        + "{\"type\":\"output_text\",\"text\":\"b blockme c\"}]},{\"type\":\"function_call\",\"arguments\":\"{}\"}]}";
        try (FilteredAnswer answer = answer("responses", "").whole()) {
            answer.part(sent);
            assertThat(answer.end())
                    .isEqualTo(sent.replace("b blockme c", "b ")
                            .replace("{}", "")
                            .replace("\"completed\"", "\"incomplete\"")
                            .replace("_details\":null", "_details\":{\"reason\":\"content_filter\"}"));
        }
    }

    @Test
    void what_is_only_annotated_is_told_and_passes() {
        String policy = "customBlocklists: [{ blocklistName: words, source: Completion, blocking: false }]";
        String sent = chat(
                "{\"message\":{\"content\":\"blockme\"},\"content_filter_results\":{},\"finish_reason\":\"stop\"}");
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, policy, Map.of(), LISTS).whole()) {
            answer.part(sent);
            assertThat(answer.end())
                    .isEqualTo(sent.replace(
                            "\"content_filter_results\":{}",
                            "\"content_filter_results\":{\"custom_blocklists\":{\"filtered\":false,"
                                    + "\"details\":[{\"filtered\":false,\"id\":\"words\"}]}}"));
        }
    }

    @Test
    void sound_is_told_not_to_be_judged() {
        String sent =
                chat("{\"message\":{\"content\":\"fine\",\"audio\":{\"data\":\"QUJD\",\"transcript\":\"blockmeX\"}}}");
        try (FilteredAnswer answer = answer("chat/completions", "").whole()) {
            answer.part(sent);
            assertThat(answer.end()).isEqualTo(sent);
        }
        try (FilteredAnswer answer = answer("chat/completions", "").whole()) {
            answer.part(sent.replace("}}}]", "}},\"finish_reason\":\"stop\"}]"));
            assertThat(answer.end())
                    .contains("\"content_filter_results\":{\"unjudged_media\":{\"filtered\":false,\"detected\":true}}");
        }
    }

    @Test
    void annotations_can_be_switched_off() {
        try (FilteredAnswer answer =
                answer("chat/completions", ", annotations: []").whole()) {
            answer.part(chat("{\"message\":{\"content\":\"blockme\"},\"finish_reason\":null}"));
            assertThat(answer.end())
                    .isEqualTo(chat("{\"message\":{\"content\":\"\"},\"finish_reason\":\"content_filter\"}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"choices\":", "{\"choices\":[]}x", "null", "{\"choices\":[{\"text\":\"\\ud8\"}]}"})
    void what_is_no_object_goes_on_or_is_refused(String sent) {
        try (FilteredAnswer answer =
                answer("chat/completions", ", outage: open").whole()) {
            answer.part(sent);
            assertThat(answer.end()).isEqualTo(sent);
            assertThat(answer.complete()).isTrue();
        }
        try (FilteredAnswer answer =
                answer("chat/completions", ", outage: closed").whole()) {
            answer.part(sent);
            assertThat(answer.end()).isEmpty();
            assertThat(answer.head()).isNull();
            assertThat(answer.errors()).hasSize(1);
            assertThat(answer.heldBytes.held()).isZero();
        }
    }

    @Test
    void more_than_may_wait_goes_on_unjudged_only_where_no_rule_has_a_say() {
        String sent = chat("{\"message\":{\"content\":\"blockme " + "x".repeat(70_000) + "\"}}");
        for (String outage : new String[] {"open", "closed"}) {
            try (FilteredAnswer answer =
                    answer("chat/completions", ", outage: " + outage).whole()) {
                answer.part(sent);
                assertThat(answer.errors()).hasSize(1);
                assertThat(answer.passed()).isEmpty();
            }
        }
        String judged = "filters: [{ name: Hate, source: Completion, judge: hate }]";
        try (FilteredAnswer answer = new FilteredAnswer(
                        "chat/completions",
                        1,
                        judged,
                        Map.of("hate", new WaitingJudge()),
                        "judges: { hate: { kind: webhook, url: http://h } }")
                .whole()) {
            answer.part(sent.substring(0, 40_000));
            assertThat(answer.passed()).isEmpty();
            answer.part(sent.substring(40_000));
            answer.end();
            assertThat(answer.passed()).isEqualTo(sent);
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void an_answer_without_a_body_passes() {
        try (FilteredAnswer answer = answer("chat/completions", "").whole()) {
            assertThat(answer.end()).isEmpty();
            assertThat(answer.head()).isNotNull();
            assertThat(answer.complete()).isTrue();
        }
    }

    private static FilteredAnswer answer(String operation, String more) {
        return new FilteredAnswer(operation, 2, WORDS + more, Map.of(), LISTS);
    }

    private static String chat(String choices) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[" + choices
                + "],\"usage\":{\"total_tokens\":9}}";
    }
}
