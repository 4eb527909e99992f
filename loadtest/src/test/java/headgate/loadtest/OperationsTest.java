package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest extends ProviderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/models/chat/completions?api-version=2024-05-01-preview",
                "/openai/deployments/d-1/chat/completions?api-version=2024-10-21",
                "/openai/v1/chat/completions",
                "/any/base/chat/completions"
            })
    void anOperationIsFoundUnderAnyBase(String path) throws Exception {
        HttpResponse<byte[]> answer = post(path, "{\"messages\":[]}", "x-request-id", "r-7", "api-key", "secret");

        assertThat(answer.headers().firstValue("x-simulated-path")).hasValue(path);
        assertThat(answer.headers().firstValue("x-request-id")).hasValue("r-7");
        assertThat(answer.headers().firstValue("x-simulated-credential")).hasValue("api-key");
        assertThat(json(answer).at("/model").asText()).isEqualTo(path.contains("d-1") ? "d-1" : "simulated");
    }

    @Test
    void allCredentialsThatCameAreNamed() throws Exception {
        String body = "{\"model\":\"m\"}";

        assertThat(post(CHAT, body).headers().firstValue("x-simulated-credential"))
                .hasValue("none");
        assertThat(post(CHAT, body, "api-key", "k", "authorization", "Bearer t")
                        .headers()
                        .firstValue("x-simulated-credential"))
                .hasValue("authorization,api-key");
    }

    @Test
    void completionsAnswerEachPrompt() throws Exception {
        JsonNode json = json(post("/v1/completions", "{\"model\":\"m\",\"prompt\":[\"one\",\"two\"],\"n\":2}"));

        assertThat(json.at("/choices")).hasSize(4);
        assertThat(json.at("/choices/3/index").asInt()).isEqualTo(3);
        assertThat(json.at("/choices/0/text").asText()).startsWith("m heard \"two\"");
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(2 + 4 * 4);
    }

    @Test
    void completionsStream() throws Exception {
        String options = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        List<String> data = data(post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"one\"," + options + "}"));

        assertThat(data).hasSize(4 + 1 + 1 + 1).endsWith("[DONE]");
        assertThat(json(data.get(0)).at("/choices/0/text").asText()).isEqualTo("m heard \"one\".");
        assertThat(json(data.get(4)).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(json(data.get(5)).at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\"|1",
                "[\"a\",\"b\"]|2",
                "[1,2,3]|1",
                "[[1],[2,3]]|2",
                "[{\"image\":\"x\"},{\"text\":\"y\"}]|2"
            })
    void anInputGetsAVector(String input, int vectors) throws Exception {
        JsonNode json = json(post("/v1/embeddings", "{\"model\":\"m\",\"dimensions\":3,\"input\":" + input + "}"));

        assertThat(json.at("/data")).hasSize(vectors);
        assertThat(json.at("/data/0/embedding")).hasSize(3);
        assertThat(json.at("/usage/prompt_tokens").asInt())
                .isEqualTo(json.at("/usage/total_tokens").asInt());
    }

    @Test
    void vectorsAreTheSameInNumbersAndInBase64() throws Exception {
        String body = "{\"model\":\"m\",\"input\":\"a\"";
        JsonNode numbers = json(post("/v1/embeddings", body + "}")).at("/data/0/embedding");
        JsonNode base64 = json(post("/v1/embeddings", body + ",\"encoding_format\":\"base64\"}"));

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(base64.at("/data/0/embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(numbers).hasSize(8);
        for (JsonNode number : numbers) {
            assertThat(bytes.getFloat()).isEqualTo(number.floatValue());
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aResponseIsAnObject() throws Exception {
        JsonNode json = json(post("/openai/v1/responses", "{\"model\":\"m\",\"input\":\"hello\"}"));

        assertThat(json.at("/status").asText()).isEqualTo("completed");
        assertThat(json.at("/output/0/content/0/text").asText()).startsWith("m heard \"hello\"");
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(2 + 4);
    }

    @Test
    void aResponseIsBuiltByNumberedEvents() throws Exception {
        String input = "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hello\"}]}]";
        HttpResponse<byte[]> answer =
                post("/v1/responses", "{\"model\":\"m\",\"stream\":true,\"max_output_tokens\":2," + input + "}");

        assertThat(text(answer).lines().filter(line -> line.startsWith("event: ")))
                .containsExactly(
                        "event: response.created",
                        "event: response.in_progress",
                        "event: response.output_item.added",
                        "event: response.content_part.added",
                        "event: response.output_text.delta",
                        "event: response.output_text.delta",
                        "event: response.output_text.done",
                        "event: response.content_part.done",
                        "event: response.output_item.done",
                        "event: response.incomplete");
        List<String> data = data(answer);
        for (int event = 0; event < data.size(); event++) {
            assertThat(json(data.get(event)).at("/sequence_number").asInt()).isEqualTo(event);
        }
        JsonNode last = json(data.get(9)).at("/response");
        assertThat(last.at("/output/0/content/0/text").asText()).isEqualTo("m heard \"hello\". Where");
        assertThat(last.at("/usage/output_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void anImageCanBeSeen() throws Exception {
        JsonNode json = json(post("/v1/images/generations", "{\"model\":\"m\",\"prompt\":\"dot\",\"n\":2}"));

        byte[] png = Base64.getDecoder().decode(json.at("/data/1/b64_json").asText());
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(1);
    }

    @Test
    void speechIsBinaryInChunks() throws Exception {
        HttpResponse<byte[]> answer = post("/v1/audio/speech", "{\"model\":\"m\",\"input\":\"hello\"}");

        assertThat(answer.headers().firstValue("content-type")).hasValue("audio/mpeg");
        assertThat(answer.headers().firstValue("transfer-encoding")).hasValue("chunked");
        assertThat(answer.body()).hasSize(4 * 1024);
        assertThat(ByteBuffer.wrap(answer.body()).getInt(3 * 1024)).isEqualTo(3);
    }

    @Test
    void modelsAreListed() throws Exception {
        JsonNode json = json(get("/v1/models"));

        assertThat(json.at("/data/0/id").asText()).isEqualTo("simulated-chat");
        assertThat(json.at("/data")).hasSize(3);
    }

    @Test
    void whatIsNotKnownIsAnErrorInOpenAisForm() throws Exception {
        HttpResponse<byte[]> unknown = post("/v1/frobnicate", "{}");
        HttpResponse<byte[]> wrongMethod = get(CHAT);
        HttpResponse<byte[]> notJson = post(CHAT, "{\"model\":}");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("allow")).hasValue("POST");
        assertThat(notJson.statusCode()).isEqualTo(400);
        assertThat(provider.counters().answers(400)).isEqualTo(1);
    }
}
