package headgate.proxy.journey;

import static com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One line of JSON for each exchange: who asked whom for what, and who ended it; never a secret or a prompt. */
class AccessLogJourneyTest {
    private static final String PROMPT = "a prompt \\\" that nobody else may read";
    private static final String BODY =
            "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}";

    private Path file = Path.of("access.log");

    @BeforeEach
    void placeTheFile(@TempDir Path directory) {
        file = directory.resolve("access.log");
    }

    @Test
    void aWholeExchangeTellsAllItsFacts() throws Exception {
        Map<String, String> line = only(lines(
                (request, call) -> call.json(
                        200,
                        "{\"text\":\"the completion\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":3},"
                                + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}",
                        "x-request-id: theirs-1"),
                caller -> caller.chat(BODY, "x-request-id: mine-1").read()));
        assertThat(line)
                .containsEntry("id", "mine-1")
                .containsEntry("upstreamId", "theirs-1")
                .containsEntry("source", "127.0.0.1")
                .containsEntry("http", "1.1")
                .containsEntry("method", "POST")
                .containsEntry("path", "/openai/v1/chat/completions")
                .containsEntry("surface", "v1")
                .containsEntry("operation", "chat/completions")
                .containsEntry("principal", "caller")
                .containsEntry("deployment", "gpt")
                .containsEntry("attempts", "1")
                .containsEntry("status", "200")
                .containsEntry("bytesIn", String.valueOf(BODY.length()))
                .containsEntry("promptTokens", "7")
                .containsEntry("completionTokens", "5")
                .containsEntry("cachedTokens", "3")
                .containsEntry("reasoningTokens", "2")
                .containsEntry("endedBy", "answer")
                .containsKeys("time", "upstream", "bytesOut", "bodyMs", "sentMs", "answerMs", "totalMs");
        double sent = Double.parseDouble(line.getOrDefault("sentMs", "-1"));
        double answered = Double.parseDouble(line.getOrDefault("answerMs", "-1"));
        double total = Double.parseDouble(line.getOrDefault("totalMs", "-1"));
        assertThat(sent).isBetween(0.0, answered);
        assertThat(answered).isLessThanOrEqualTo(total);
    }

    @Test
    void aRefusalTellsWhoIsToBlame() throws Exception {
        Map<String, String> line = only(lines(
                (request, call) -> call.json(200, "{}"),
                caller -> caller.send(String.join(
                                "\r\n",
                                "POST /openai/v1/chat/completions?api-key=secret-in-query HTTP/1.1",
                                "host: a",
                                "api-key: wrong-secret-key",
                                "content-length: 0",
                                "",
                                ""))
                        .read()));
        assertThat(line)
                .containsEntry("status", "401")
                .containsEntry("endedBy", "downstream")
                .containsEntry("error", "INVALID_KEY")
                .containsEntry("attempts", "0")
                .containsEntry("path", "/openai/v1/chat/completions")
                .doesNotContainKeys("principal", "upstream");
    }

    @Test
    void aCallerThatLeavesIsTold() throws Exception {
        Map<String, String> line = only(lines(
                (request, call) -> {
                    call.beginEvents();
                    call.chunk("data: 1\n\n");
                    call.awaitClosed(20_000);
                },
                caller -> {
                    caller.chat(BODY).readHead();
                    caller.readChunk();
                }));
        assertThat(line)
                .containsEntry("status", "200")
                .containsEntry("endedBy", "downstream")
                .containsEntry("error", "DOWNSTREAM_GONE")
                .containsEntry("bytesOut", "9");
    }

    @Test
    void anUpstreamThatGoesIsTold() throws Exception {
        Map<String, String> line = only(lines(
                (request, call) -> {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                    call.socket().close();
                },
                caller -> assertThatThrownBy(() -> caller.chat(BODY).read()).isInstanceOf(IOException.class)));
        assertThat(line)
                .containsEntry("status", "200")
                .containsEntry("endedBy", "upstream")
                .containsEntry("error", "BAD_ANSWER");
    }

    @Test
    void eachExchangeOfAConnectionHasItsLine() throws Exception {
        List<Map<String, String>> lines = lines((request, call) -> call.json(200, "{}"), caller -> {
            for (int i = 0; i < 300; i++) {
                caller.chat(BODY, "x-request-id: n-" + i).read();
            }
        });
        assertThat(lines).hasSize(300);
        assertThat(lines.get(299)).containsEntry("id", "n-299");
    }

    @Test
    void aLogThatCannotBeWrittenStopsNeitherExchangesNorTheGatewaysEnd() throws Exception {
        file = Path.of("/dev/full");
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            TestGateway gateway = gateway(upstream);
            try (RawCaller caller = new RawCaller(gateway.port())) {
                for (int i = 0; i < 400; i++) {
                    assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
                }
            }
            Thread stopping = new Thread(gateway::close);
            stopping.setDaemon(true);
            stopping.start();
            stopping.join(10_000);
            assertThat(stopping.isAlive())
                    .as("the gateway still waits for its log")
                    .isFalse();
        }
    }

    /** What a caller does. */
    private interface Doing {
        void with(RawCaller caller) throws Exception;
    }

    private List<Map<String, String>> lines(ScriptedUpstream.Script script, Doing doing) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script);
                TestGateway gateway = gateway(upstream)) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                doing.with(caller);
            }
        }
        String log = Files.readString(file);
        assertThat(log)
                .doesNotContain(TestGateway.KEY)
                .doesNotContain("provider-secret")
                .doesNotContain("secret")
                .doesNotContain("prompt \\")
                .doesNotContain("the completion");
        List<Map<String, String>> lines = new ArrayList<>();
        for (String line : log.lines().toList()) {
            lines.add(parse(line));
        }
        return lines;
    }

    private TestGateway gateway(ScriptedUpstream upstream) throws IOException {
        return TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: { file: %s }
                limits: { accessLogBytes: 64KiB }
                keys: { caller: %s }
                deployments:
                  gpt: { upstreams: [{ url: "%s", key: provider-secret }] }
                """.formatted(file, TestGateway.KEY, upstream.url()));
    }

    private static Map<String, String> only(List<Map<String, String>> lines) {
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    private static Map<String, String> parse(String line) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            JsonNode all = new ObjectMapper()
                    .configure(FAIL_ON_READING_DUP_TREE_KEY, true)
                    .readTree(parser);
            all.properties().forEach(member -> members.put(member.getKey(), text(member.getValue())));
            assertThat(parser.nextToken()).isNull();
        }
        return members;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
