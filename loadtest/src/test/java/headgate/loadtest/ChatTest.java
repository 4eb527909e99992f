package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import headgate.loadtest.provider.Counters.Count;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTest extends ProviderTest {
    private static final String TOOL = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}],";

    private static String ask(String fields, String content) {
        return "{\"model\":\"m-1\"," + fields + "\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}";
    }

    @Test
    void anAnswerNamesItsModelAndEchoesItsPrompt() throws Exception {
        HttpResponse<byte[]> answer = post(CHAT, ask("", "zwölf Bälle"));

        JsonNode json = json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json.at("/object").asText()).isEqualTo("chat.completion");
        assertThat(json.at("/model").asText()).isEqualTo("m-1");
        assertThat(json.at("/choices/0/message/content").asText())
                .isEqualTo("m-1 heard \"zwölf Bälle\". Where the canal");
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource({"'',0", "abc,1", "abcd,1", "abcde,2", "zwölf,2"})
    void aPromptTokenIsFourCharactersAndTheUsageAddsUp(String prompt, int tokens) throws Exception {
        JsonNode usage = json(post(CHAT, ask("\"n\":3,", prompt))).at("/usage");

        assertThat(usage.at("/prompt_tokens").asInt()).isEqualTo(tokens);
        assertThat(usage.at("/completion_tokens").asInt()).isEqualTo(3 * 4);
        assertThat(usage.at("/total_tokens").asInt()).isEqualTo(tokens + 12);
        assertThat(count(Count.PROMPT_TOKENS)).isEqualTo(tokens);
        assertThat(count(Count.COMPLETION_TOKENS)).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({
        "max_tokens,3,3,length",
        "max_completion_tokens,1,1,length",
        "max_tokens,4,4,stop",
        "max_tokens,5,4,stop"
    })
    void aLimitOnTokensCutsTheAnswer(String field, int limit, int tokens, String reason) throws Exception {
        JsonNode json = json(post(CHAT, ask("\"" + field + "\":" + limit + ",", "hi")));

        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(tokens);
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo(reason);
    }

    @Test
    void aStreamIsARoleThenContentThenAReasonThenDone() throws Exception {
        HttpResponse<byte[]> answer = post(CHAT, ask("\"stream\":true,", "hi"));

        List<String> data = data(answer);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(text(answer)).endsWith("data: [DONE]\n\n");
        assertThat(data).hasSize(1 + 4 + 1 + 1);
        assertThat(json(data.get(0)).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(contentOf(data, 0)).isEqualTo("m-1 heard \"hi\". Where the canal");
        assertThat(json(data.get(5)).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(count(Count.EVENTS_WRITTEN)).isEqualTo(7);
        // Counted when it is written, which may be after it was read.
        await().untilAsserted(() -> assertThat(count(Count.STREAMS_COMPLETED)).isEqualTo(1));
    }

    @Test
    void usageComesInAnEventOfItsOwnIfAskedFor() throws Exception {
        String options = "\"stream\":true,\"stream_options\":{\"include_usage\":true},";
        List<String> data = data(post(CHAT, ask(options, "hihihi")));

        JsonNode last = json(data.get(data.size() - 2));
        assertThat(last.at("/choices")).isEmpty();
        assertThat(last.at("/usage/total_tokens").asInt()).isEqualTo(2 + 4);
        assertThat(json(data.get(0)).at("/usage").isNull()).isTrue();
    }

    @Test
    void everyChoiceOfAStreamGetsItsText() throws Exception {
        List<String> data = data(post(CHAT, ask("\"stream\":true,\"n\":12,", "hi")));

        assertThat(contentOf(data, 0)).isEqualTo("m-1 heard \"hi\". Where the canal");
        assertThat(contentOf(data, 11)).isEqualTo(contentOf(data, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"tool_choice\":\"required\",", "\"tool_choice\":{\"type\":\"function\"},", ""})
    void aToolIsCalledWithArgumentsThatAreJson(String choice) throws Exception {
        JsonNode json = json(post(CHAT, ask(TOOL + choice, choice.isEmpty() ? "call the tool" : "hi")));

        JsonNode call = json.at("/choices/0/message/tool_calls/0/function");
        assertThat(call.at("/name").asText()).isEqualTo("weather");
        assertThat(json(call.at("/arguments").asText()).at("/model").asText()).isEqualTo("m-1");
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void aToolsArgumentsAreStreamedToo() throws Exception {
        List<String> data = data(post(CHAT, ask(TOOL + "\"stream\":true,\"tool_choice\":\"required\",", "h\\\"i")));

        StringBuilder arguments = new StringBuilder();
        for (String event : data.subList(0, data.size() - 1)) {
            arguments.append(json(event)
                    .at("/choices/0/delta/tool_calls/0/function/arguments")
                    .asText());
        }
        assertThat(json(data.get(0))
                        .at("/choices/0/delta/tool_calls/0/function/name")
                        .asText())
                .isEqualTo("weather");
        assertThat(json(arguments.toString()).at("/heard").asText()).isEqualTo("h\"i");
    }

    @Test
    void aToolThatHasAnsweredIsNotCalledAgain() throws Exception {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"call the tool\"},"
                + "{\"role\":\"tool\",\"content\":\"sunny\"}]}";
        JsonNode json = json(post(CHAT, "{" + TOOL + messages));

        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    private static String contentOf(List<String> data, int choice) throws Exception {
        List<String> pieces = new ArrayList<>();
        for (String event : data.subList(0, data.size() - 1)) {
            JsonNode part = json(event).at("/choices/0");
            if (part.at("/index").asInt() == choice) {
                pieces.add(part.at("/delta/content").asText());
            }
        }
        return String.join("", pieces);
    }
}
