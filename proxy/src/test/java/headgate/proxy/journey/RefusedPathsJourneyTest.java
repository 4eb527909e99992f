package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks for what is not there is told so, and what is there instead. */
class RefusedPathsJourneyTest {
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.inFrontOf(upstream);
    }

    @AfterAll
    static void stop() throws IOException {
        assertThat(upstream.waiting()).as("nothing of this reaches an upstream").isZero();
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/openai",
                "/openai/",
                "/openai/v1",
                "/openai/v1/",
                "/openai/v1/chat/completions/",
                "/openai/v1//chat/completions",
                "//openai/v1/chat/completions",
                "/openai/v1/./chat/completions",
                "/openai/v1/x/../chat/completions",
                "/openai/v1/chat%2fcompletions",
                "/openai/v1/chat/completions;a",
                "/openai/v1/Chat/completions",
                "/OPENAI/v1/chat/completions",
                "/models",
                "/models/completions",
                "/models/responses",
                "/openai/chat/completions",
                "/openai/deployments/azure",
                "/openai/deployments/azure/",
                "/openai/deployments/azure/responses",
                "/openai/v1/models/a/b",
                "/v1/chat/completions",
                "/chat/completions"
            })
    void anUnknownPathIsNotFoundWhoeverAsks(String path) throws Exception {
        for (String method : new String[] {"GET", "POST", "DELETE", "OPTIONS"}) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                caller.send(method + " " + path + " HTTP/1.1\r\nhost: g\r\n\r\n");
                RawCaller.Answer answer = caller.read();
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.body()).contains("\"code\":\"404\"").contains("Resource not found");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /openai/v1/chat/completions, 'POST, OPTIONS'",
        "HEAD, /openai/v1/chat/completions, 'POST, OPTIONS'",
        "DELETE, /openai/deployments/azure/embeddings, 'POST, OPTIONS'",
        "TRACE, /models/embeddings, 'POST, OPTIONS'",
        "post, /models/embeddings, 'POST, OPTIONS'",
        "POST, /openai/v1/models, 'GET, HEAD, OPTIONS'",
        "PUT, /openai/deployments, 'GET, HEAD, OPTIONS'",
        "POST, /models/info, 'GET, HEAD, OPTIONS'"
    })
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allow) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(method + " " + path + " HTTP/1.1\r\nhost: g\r\n\r\n");
            String head = caller.readHead();
            assertThat(head).startsWith("HTTP/1.1 405 ").contains("\r\nallow: " + allow + "\r\n");
            if (!method.equals("HEAD")) {
                return;
            }
            caller.send("OPTIONS " + path + " HTTP/1.1\r\nhost: g\r\n\r\n");
            RawCaller.Answer options = caller.read();
            assertThat(options.status()).as("no body stood behind the head").isEqualTo(204);
            assertThat(options.field("allow")).isEqualTo(allow);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/v1/files",
                "/openai/v1/files/file-1/content",
                "/openai/v1/uploads",
                "/openai/v1/batches",
                "/openai/v1/vector_stores/vs_1",
                "/openai/v1/responses/resp_1",
                "/openai/v1/realtime",
                "/openai/v1/images/edits",
                "/openai/v1/audio/transcriptions",
                "/openai/v1/audio/translations",
                "/openai/deployments/azure/images/edits",
                "/openai/deployments/azure/audio/transcriptions",
                "/openai/assistants",
                "/openai/threads/thread_1/runs",
                "/openai/files",
                "/openai/batches",
                "/openai/fine_tuning/jobs",
                "/openai/realtime"
            })
    void whatIsNotServedYetSaysSo(String path) throws Exception {
        for (String method : new String[] {"GET", "POST", "DELETE"}) {
            RawCaller.Answer answer = ask(method, path + "?api-version=2024-10-21");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).contains("\"code\":\"404\"").contains("does not serve " + path + " yet");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/models/batch", "/models/batches/1", "/models/files", "/models/realtime"})
    void whatTheModelsSurfaceNeverDoesSaysWhereItIs(String path) throws Exception {
        RawCaller.Answer answer = ask("POST", path + "?api-version=2024-05-01-preview");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("x-ms-error-code")).isEqualTo("OperationNotSupported");
        assertThat(answer.body()).contains("/openai/v1/");
    }

    private static RawCaller.Answer ask(String method, String path) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(method + " " + path + " HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY
                    + "\r\ncontent-length: 15\r\n\r\n{\"model\":\"gpt\"}");
            return caller.read();
        }
    }
}
