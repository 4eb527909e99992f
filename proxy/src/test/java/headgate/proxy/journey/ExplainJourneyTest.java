package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code POST /explain}: what would become of a request, without dispatch. */
@Timeout(60)
final class ExplainJourneyTest {
    static final String SECRET_TEXT = "a-prompt-nobody-may-read";
    static final String BODY = "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + SECRET_TEXT
            + "\"}],\"max_tokens\":20}";

    static String question(String key, String body) {
        return question("/openai/v1/chat/completions", "\"api-key\":\"" + key + "\"", body);
    }

    private static String question(String path, String headers, String body) {
        return "{\"path\":\"" + path + "\",\"headers\":{" + headers + "},\"body\":" + body + "}";
    }

    private static RawCaller.Answer ask(AdminGateway gateway, String question) throws IOException {
        try (RawCaller operator = gateway.operator()) {
            int length = question.getBytes(StandardCharsets.UTF_8).length;
            return operator.send(AdminGateway.request("POST", "/explain", "localhost", "content-length: " + length)
                            + question)
                    .read();
        }
    }

    static JsonNode explain(AdminGateway gateway, String question) throws IOException {
        RawCaller.Answer answer = ask(gateway, question);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(TestGateway.KEY, SECRET_TEXT, "provider-secret");
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void aRequestThatWouldPassIsToldFromItsCallerToItsUpstream() throws Exception {
        try (AdminGateway gateway = new AdminGateway("")) {
            JsonNode told = explain(gateway, question(TestGateway.KEY, BODY));
            assertThat(told.path("decision").asText()).isEqualTo("forward");
            assertThat(told.path("surface").asText()).isEqualTo("v1");
            assertThat(told.path("operation").asText()).isEqualTo("chat/completions");
            assertThat(told.path("principal").path("name").asText()).isEqualTo("caller");
            assertThat(told.path("permitted").asBoolean()).isTrue();
            assertThat(told.path("deployment").path("name").asText()).isEqualTo("gpt");
            assertThat(told.path("upstreams").path(0).path("url").asText()).startsWith(gateway.upstream.url());
            assertThat(told.path("upstreams").path(0).path("why").asText()).isEqualTo("taken: there is no other");
            assertThat(told.has("answer")).isFalse();
            assertThat(gateway.upstream.waiting()).as("nothing was sent").isZero();
        }
    }

    @Test
    void everyRefusalIsTheAnswerThatTheCallerGets() throws Exception {
        try (AdminGateway gateway = new AdminGateway("")) {
            String key = "\"api-key\":\"" + TestGateway.KEY + "\"";
            for (String question : List.of(
                    question("not-the-key-of-anybody", BODY),
                    question("/openai/v1/chat/completions", "", BODY),
                    question("/nowhere", key, BODY),
                    question(TestGateway.KEY, BODY.replace("gpt", "unknown")),
                    question("/models/chat/completions", key, BODY.replace("gpt", "unknown")),
                    question("/openai/v1/chat/completions", key + ",\"content-type\":\"text/plain\"", BODY),
                    question("/openai/v1/chat/completions", key + ",\"host\":[\"a\",\"b\"]", BODY),
                    question("/openai/v1/chat/completions", key, "\"{\\\"model\\\": \""),
                    question(
                            "/openai/v1/chat/completions",
                            key,
                            BODY.replace("{\"model\"", "{\"model\":\"x\",\"model\"")),
                    "{\"method\":\"DELETE\",\"path\":\"/openai/v1/chat/completions\"}")) {
                JsonNode told = explain(gateway, question);
                RawCaller.Answer real = really(gateway, question);
                assertThat(told.path("decision").asText()).as(question).isEqualTo("refuse");
                assertThat(told.path("answer").path("status").asInt())
                        .as(question)
                        .isEqualTo(real.status());
                assertThat(told.path("answer").path("body"))
                        .as(question)
                        .isEqualTo(new ObjectMapper().readTree(real.body()));
                assertThat(told.path("answer")
                                .path("headers")
                                .path("x-ms-error-code")
                                .asText())
                        .as(question)
                        .isEqualTo(real.field("x-ms-error-code"));
            }
        }
    }

    /** The same request, sent. */
    static RawCaller.Answer really(AdminGateway gateway, String question) throws IOException {
        JsonNode asked = new ObjectMapper().readTree(question);
        String body = asked.path("body").isTextual()
                ? asked.path("body").asText()
                : question.contains("\"body\":")
                        ? question.substring(question.indexOf("\"body\":") + 7, question.length() - 1)
                        : "";
        StringBuilder head = new StringBuilder(
                asked.path("method").asText("POST") + " " + asked.path("path").asText() + " HTTP/1.1\r\n");
        StringBuilder fields = new StringBuilder();
        asked.path("headers")
                .properties()
                .forEach(field -> (field.getValue().isArray() ? field.getValue() : List.of(field.getValue()))
                        .forEach(value -> fields.append(field.getKey())
                                .append(": ")
                                .append(value.asText())
                                .append("\r\n")));
        String given = fields.toString().toLowerCase(Locale.ROOT);
        head.append(fields);
        head.append(given.contains("host:") ? "" : "host: localhost\r\n");
        head.append(given.contains("content-type:") || body.isEmpty() ? "" : "content-type: application/json\r\n");
        head.append(body.isEmpty() ? "" : "content-length: " + body.length() + "\r\n");
        try (RawCaller caller = new RawCaller(gateway.gateway.port())) {
            return caller.send(head + "\r\n" + body).read();
        }
    }

    @Test
    void whatTheGatewayAnswersItselfIsTold() throws Exception {
        try (AdminGateway gateway = new AdminGateway("")) {
            JsonNode told = explain(
                    gateway,
                    "{\"method\":\"GET\",\"path\":\"/openai/v1/models\",\"headers\":{\"api-key\":\"" + TestGateway.KEY
                            + "\"}}");
            assertThat(told.path("decision").asText()).isEqualTo("answer");
            assertThat(told.path("answer").path("status").asInt()).isEqualTo(200);
            assertThat(told.path("answer").path("body").toString()).contains("gpt");
        }
    }

    @Test
    void localRulesJudgeAndJudgesAreNotAsked() throws Exception {
        try (ScriptedUpstream judge = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                AdminGateway gateway = new AdminGateway(
                        "",
                        (request, call) -> call.json(200, "{}"),
                        "blocklists: { words: { items: [forbidden] } }",
                        "judges: { hook: { kind: webhook, url: \"" + judge.url() + "/judge\" } }",
                        "contentFilters: { strict: { customBlocklists: [{ blocklistName: words, source: Prompt }],"
                                + " filters: [{ name: Hate, source: Prompt, severityThreshold: Medium, judge: hook }] } }",
                        "contentFilter: strict")) {
            JsonNode passed = explain(gateway, question(TestGateway.KEY, BODY));
            assertThat(passed.path("decision").asText()).isEqualTo("forward");
            assertThat(passed.path("contentFilter").toString())
                    .isEqualTo("{\"policy\":\"strict\",\"rules\":\"passed\",\"wouldAsk\":{\"hook\":[\"Hate\"]}}");
            assertThat(judge.waiting()).as("nobody was asked").isZero();

            JsonNode blocked = explain(gateway, question(TestGateway.KEY, BODY.replace(SECRET_TEXT, "forbidden")));
            assertThat(blocked.path("contentFilter").path("rules").asText()).isEqualTo("refused");
            assertThat(blocked.path("answer")
                            .path("body")
                            .path("error")
                            .path("code")
                            .asText())
                    .isEqualTo("content_filter");
        }
    }

    @Test
    void theOtherUpstreamsAreToldWithTheReasonAgainstThem() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        try (ScriptedUpstream second = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + nobody + "/v1\", priority: 1 },"
                                + " { url: \"" + second.url() + "/v1\", priority: 2 },"
                                + " { url: \"" + second.url() + "/far\", priority: 3 }] }",
                        "admin: { listen: \"127.0.0.1:0\" }");
                RawCaller caller = new RawCaller(gateway.port())) {
            JsonNode before = explain(gateway, question(TestGateway.KEY, BODY));
            assertThat(before.path("upstreams").findValuesAsText("taken")).containsExactly("true", "false", "false");
            assertThat(caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);

            JsonNode told = explain(gateway, question(TestGateway.KEY, BODY));
            assertThat(told.path("upstreams").findValuesAsText("taken")).containsExactly("false", "true", "false");
            assertThat(told.path("upstreams").path(0).path("why").asText()).startsWith("not taken: it cools down for ");
            assertThat(told.path("upstreams").path(2).path("why").asText())
                    .isEqualTo("not taken: it stands behind those of priority 2");
        }
    }

    private static JsonNode explain(TestGateway gateway, String question) throws IOException {
        int port = Objects.requireNonNull(gateway.server().adminAddress()).getPort();
        try (RawCaller operator = new RawCaller(port)) {
            RawCaller.Answer answer = operator.send(AdminGateway.request(
                                    "POST", "/explain", "localhost", "content-length: " + question.length())
                            + question)
                    .read();
            return new ObjectMapper().readTree(answer.body());
        }
    }

    @Test
    void whatIsNoQuestionIsRefusedWithoutRepeatingIt() throws Exception {
        try (AdminGateway gateway = new AdminGateway("")) {
            for (String wrong : List.of(
                    "",
                    "[]",
                    "{",
                    "{}",
                    "{\"path\":7}",
                    "{\"path\":\"/a\"} 1",
                    "{\"path\":\"/a\",\"" + SECRET_TEXT + "\":1}",
                    "{\"path\":\"/a\",\"headers\":{\"x\":\"" + SECRET_TEXT + "\\r\\ny: z\"}}",
                    "{\"path\":\"/a\",\"source\":\"" + SECRET_TEXT + "\"}")) {
                RawCaller.Answer answer = ask(gateway, wrong);
                assertThat(answer.status()).as(wrong).isEqualTo(400);
                assertThat(answer.body()).as(wrong).doesNotContain(SECRET_TEXT);
            }
        }
    }
}
