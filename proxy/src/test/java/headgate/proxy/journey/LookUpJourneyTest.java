package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code GET /explain?id=}: what became of an exchange that is over, by the id that its answer had. */
@Timeout(60)
final class LookUpJourneyTest {
    private static final String ONE_LOOP = "transport: { eventLoops: 1 }";

    private static JsonNode found(AdminGateway gateway, String id, int many) throws IOException {
        await().untilAsserted(() -> assertThat(exchanges(gateway, id)).hasSize(many));
        return exchanges(gateway, id);
    }

    private static JsonNode exchanges(AdminGateway gateway, String id) throws IOException {
        return new ObjectMapper()
                .readTree(gateway.get("/explain?id=" + id).body())
                .path("exchanges");
    }

    /** Sends a request that has this id; returns the id of the answer. */
    private static String chat(AdminGateway gateway, String id, String path) throws IOException {
        RawCaller.Answer answer = gateway.caller
                .send("POST " + path + " HTTP/1.1\r\nhost: localhost\r\napi-key: " + TestGateway.KEY
                        + "\r\ncontent-type: application/json\r\ncontent-length: " + Upstreams.BODY.length()
                        + (id.isEmpty() ? "" : "\r\nx-request-id: " + id) + "\r\n\r\n" + Upstreams.BODY)
                .read();
        return answer.field("x-request-id");
    }

    @Test
    void anExchangeIsFoundByTheIdOfItsAnswer() throws Exception {
        try (AdminGateway gateway = new AdminGateway("")) {
            String id = chat(gateway, "", "/openai/v1/chat/completions?api-key=a-secret-in-the-query");
            JsonNode exchange = found(gateway, id, 1).path(0);
            assertThat(exchange.path("id").asText()).isEqualTo(id);
            assertThat(exchange.path("path").asText()).isEqualTo("/openai/v1/chat/completions");
            assertThat(exchange.path("principal").asText()).isEqualTo("caller");
            assertThat(exchange.path("deployment").asText()).isEqualTo("gpt");
            assertThat(exchange.path("upstream").asText()).startsWith(gateway.upstream.url());
            assertThat(exchange.path("status").asInt()).isEqualTo(200);
            assertThat(exchange.path("endedBy").asText()).isEqualTo("answer");
            assertThat(exchange.path("failedCalls")).isEmpty();
            assertThat(gateway.get("/explain?id=" + id).body())
                    .doesNotContain(TestGateway.KEY, "a-secret-in-the-query", "messages");
        }
    }

    @Test
    void allExchangesOfOneIdAreFoundTheNewestFirst() throws Exception {
        try (AdminGateway gateway = new AdminGateway("")) {
            chat(gateway, "again", "/nowhere");
            found(gateway, "again", 1);
            Thread.sleep(5);
            chat(gateway, "again", "/openai/v1/chat/completions");
            JsonNode both = found(gateway, "again", 2);
            assertThat(both.findValuesAsText("status")).containsExactly("200", "404");
            assertThat(both.path(1).path("error").asText()).isEqualTo("NOT_FOUND");
        }
    }

    @Test
    void theUpstreamsThatWereTriedAreToldWithWhyEachFailed() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        try (AdminGateway gateway = new AdminGateway(
                "",
                (request, call) -> call.json(request.head().startsWith("POST /full/") ? 503 : 200, "{}"),
                ONE_LOOP)) {
            String url = gateway.upstream.url();
            try (AdminGateway other = AdminGateway.withDeployment("{ upstreams: ["
                    + "{ url: \"http://127.0.0.1:" + nobody + "/v1\", priority: 1 },"
                    + "{ url: \"" + url + "/full\", priority: 2 }, { url: \"" + url + "/v1\", priority: 3 }] }")) {
                assertThat(chat(other, "tried", "/openai/v1/chat/completions")).isEqualTo("tried");
                JsonNode exchange = found(other, "tried", 1).path(0);
                assertThat(exchange.path("status").asInt()).isEqualTo(200);
                assertThat(exchange.path("attempts").asInt()).isEqualTo(3);
                assertThat(exchange.path("upstream").asText()).isEqualTo(url + "/v1");
                assertThat(exchange.path("failedCalls").toString())
                        .isEqualTo("[{\"upstream\":\"http://127.0.0.1:" + nobody + "/v1\",\"why\":\"CONNECT_FAILED\"},"
                                + "{\"upstream\":\"" + url + "/full\",\"why\":\"status 503\"}]");
            }
        }
    }

    @Test
    void theOldestAreForgottenAboveTheBound() throws Exception {
        try (AdminGateway gateway =
                new AdminGateway("", (request, call) -> call.json(200, "{}"), ONE_LOOP, "limits: { decisions: 2 }")) {
            chat(gateway, "first", "/nowhere");
            chat(gateway, "second", "/nowhere");
            found(gateway, "first", 1);
            chat(gateway, "third", "/nowhere");
            found(gateway, "third", 1);
            assertThat(gateway.get("/explain?id=first").status()).isEqualTo(404);
            found(gateway, "second", 1);
        }
    }

    @Test
    void nothingIsKeptWhereThatIsSwitchedOff() throws Exception {
        try (AdminGateway gateway =
                new AdminGateway("", (request, call) -> call.json(200, "{}"), "limits: { decisions: 0 }")) {
            chat(gateway, "gone", "/openai/v1/chat/completions");
            assertThat(gateway.get("/explain?id=gone").status()).isEqualTo(404);
            assertThat(gateway.get("/explain?id=").status()).isEqualTo(400);
            assertThat(gateway.get("/explain").status()).isEqualTo(400);
        }
    }
}
