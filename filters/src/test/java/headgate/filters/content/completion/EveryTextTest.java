package headgate.filters.content.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model made is a text, and so is what repeats it. */
final class EveryTextTest {
    private static final String LISTS = "blocklists: { words: { items: [blockme] } }";
    private static final String WORDS = "customBlocklists: [{ blocklistName: words, source: Completion }]";
    private static final String CARDS = "patterns: [{ name: PaymentCard, source: Completion, action: mask }]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'shell_call','action':{'commands':['ls','blockme']}}",
                "{'type':'local_shell_call','action':{'type':'exec','command':['blockme']}}",
                "{'type':'apply_patch_call','operation':{'type':'create_file','path':'x','diff':'blockme'}}",
                "{'type':'web_search_call','action':{'type':'search','query':'blockme'}}",
                "{'type':'web_search_call','action':{'type':'open_page','url':'http://h/blockme'}}",
                "{'type':'file_search_call','queries':['blockme']}",
                "{'type':'code_interpreter_call','outputs':[{'type':'logs','logs':'blockme'}]}",
                "{'type':'image_generation_call','result':'QUJD','revised_prompt':'blockme'}",
                "{'type':'message','content':[{'type':'output_text','text':'x','annotations':[{'title':'blockme'}]}]}",
                "{'type':'message','content':[{'type':'refusal','refusal':'blockme'}]}",
                "{'type':'function_call','arguments':{'type':'blockme'}}",
                "{'type':'function_call','arguments':{'blockme':1}}",
                "{'type':'function_call','name':'blockme','arguments':'{}'}",
            })
    void of_a_response(String item) {
        String sent = "{\"id\":\"r\",\"status\":\"completed\",\"output\":[" + item.replace('\'', '"') + "]}";
        try (FilteredAnswer answer = new FilteredAnswer("responses", 1, WORDS, Map.of(), LISTS).whole()) {
            answer.part(sent);
            assertThat(answer.end()).doesNotContain("blockme").contains("content_filter");
        }
        String event =
                "event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\",\"output_index\":0,"
                        + "\"item\":" + item.replace('\'', '"') + "}\n\n";
        try (FilteredAnswer answer = new FilteredAnswer("responses", 1, WORDS, Map.of(), LISTS).stream()) {
            answer.part(event);
            assertThat(answer.passed()).doesNotContain("blockme").contains("response.incomplete");
            assertThat(answer.complete()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'tool_calls':[{'function':{'name':'f','arguments':{'q':'blockme'}}}]}",
                "{'tool_calls':[{'type':'custom','custom':{'name':'f','input':'blockme'}}]}",
                "{'content':'x','reasoning_details':[{'type':'reasoning.text','text':'blockme'}]}",
                "{'content':'x','annotations':[{'type':'url_citation','url_citation':{'title':'blockme','url':'u'}}]}",
                "{'content':'x','context':{'citations':[{'content':'c','title':'blockme'}]}}",
                "{'content':'x','context':{'intent':'[blockme]'}}",
            })
    void of_a_choice(String message) {
        String choice = ":" + message.replace('\'', '"') + ",\"finish_reason\":\"stop\"";
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, WORDS, Map.of(), LISTS).whole()) {
            answer.part("{\"choices\":[{\"message\"" + choice + "}]}");
            assertThat(answer.end()).doesNotContain("blockme").contains("content_filter");
        }
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, WORDS, Map.of(), LISTS).stream()) {
            answer.part(Chunks.chunk(0, "\"delta\"" + choice) + Chunks.DONE);
            assertThat(answer.passed()).doesNotContain("blockme").contains("content_filter");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'delta':'a blockme b'",
                "'diff':'blockme'",
                "'text':'blockme'",
                "'annotation':{'type':'url_citation','title':'blockme'}",
                "'arguments':{'a':['blockme']}"
            })
    void of_an_event_of_a_response(String members) {
        String event = "data: {\"type\":\"response.x\",\"obfuscation\":\"blockme\",\"item_id\":\"i\","
                + members.replace('\'', '"') + "}\n\n";
        try (FilteredAnswer answer = new FilteredAnswer("responses", 1, WORDS, Map.of(), LISTS).stream()) {
            answer.part(event);
            assertThat(answer.passed())
                    .as("what pads an event is no text")
                    .containsOnlyOnce("blockme")
                    .contains("response.incomplete");
        }
    }

    @Test
    void labels_are_none() {
        String sent = Chunks.chunk(
                0,
                "\"delta\":{\"role\":\"blockme\",\"tool_calls\":[{\"id\":\"blockme\",\"type\":\"blockme\"}]},"
                        + "\"content_filter_results\":{\"x\":{\"severity\":\"blockme\"}},\"native_finish_reason\":\"blockme\"");
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, WORDS, Map.of(), LISTS).stream()) {
            assertThat(answer.part(sent)).isEqualTo(sent);
        }
    }

    @Test
    void log_probabilities_go_with_what_is_masked_or_cut() {
        try (FilteredAnswer answer = new FilteredAnswer("chat/completions", 1, CARDS, Map.of()).whole()) {
            answer.part(
                    "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"card 4111111111111111.\"},\"logprobs\":{\"content\":"
                            + "[{\"token\":\" 4111111111111111\"}]},\"finish_reason\":\"stop\"},{\"index\":1,\"message\":{\"content\":\"x\"},"
                            + "\"logprobs\":{\"content\":[{\"token\":\"x\"}]},\"finish_reason\":\"stop\"}]}");
            assertThat(answer.end())
                    .doesNotContain("4111111111111111")
                    .contains("\"logprobs\":null", "\"logprobs\":{\"content\":[{\"token\":\"x\"}]}");
        }
        for (String policy : new String[] {CARDS, WORDS}) {
            String text = policy.equals(CARDS) ? "4111111111111111" : "blockme";
            try (FilteredAnswer answer = new FilteredAnswer("responses", 1, policy, Map.of(), LISTS).whole()) {
                answer.part("{\"id\":\"r\",\"output\":[{\"content\":[{\"text\":\"a " + text
                        + " c\",\"logprobs\":[{\"token\":\"" + text + "\"}]}]}]}");
                assertThat(answer.end()).doesNotContain(text).contains("\"logprobs\":null");
            }
            try (FilteredAnswer answer = new FilteredAnswer("responses", 1, policy, Map.of(), LISTS).stream()) {
                answer.part("data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\" " + text
                        + " \",\"logprobs\":[{\"token\":\"" + text
                        + "\"}]}\n\ndata: {\"type\":\"response.completed\"}\n\n");
                assertThat(answer.passed()).doesNotContain(text).contains("\"logprobs\":null");
            }
        }
    }
}
