package headgate.proxy.journey;

import static headgate.proxy.journey.ExplainJourneyTest.BODY;
import static headgate.proxy.journey.ExplainJourneyTest.SECRET_TEXT;
import static headgate.proxy.journey.ExplainJourneyTest.explain;
import static headgate.proxy.journey.ExplainJourneyTest.question;
import static headgate.proxy.journey.ExplainJourneyTest.really;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import headgate.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** To have a request explained takes nothing: no quota, no attempt, no account. */
@Timeout(60)
final class ExplainTakesNothingJourneyTest {
    @Test
    void quotaIsForetoldAndNothingOfItTaken() throws Exception {
        String limits = "rateLimits: { principals: { caller: { requestsPerMinute: 1, tokensPerMinute: 1000 } } }";
        try (AdminGateway gateway = new AdminGateway("", (request, call) -> call.json(200, "{}"), limits)) {
            for (int i = 0; i < 3; i++) {
                JsonNode told = explain(gateway, question(TestGateway.KEY, BODY));
                JsonNode tokens = told.path("quota").path("limits").path(1);
                assertThat(told.path("quota").path("admitted").asBoolean()).isTrue();
                assertThat(tokens.path("unit").asText()).isEqualTo("tokens");
                assertThat(tokens.path("left").asInt()).isEqualTo(1000);
                assertThat(tokens.path("asked").asInt()).isEqualTo(20 + SECRET_TEXT.length() / 4);
            }
            assertThat(gateway.get("/quota").body()).as("no account was opened").isEqualTo("{\"limits\":[]}");
            assertThat(gateway.caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);

            JsonNode refused = explain(gateway, question(TestGateway.KEY, BODY));
            assertThat(refused.path("decision").asText()).isEqualTo("refuse");
            assertThat(refused.path("quota").path("limits").path(0).path("fits").asBoolean())
                    .isFalse();
            assertThat(refused.path("quota").path("limits").path(1).path("fits").asBoolean())
                    .isTrue();
            assertThat(refused.path("answer").path("status").asInt()).isEqualTo(429);
            assertThat(refused.path("answer").path("headers").has("retry-after-ms"))
                    .isTrue();
            assertThat(gateway.get("/quota").body()).as("nobody was refused").doesNotContain("\"refused\":1");
        }
    }

    @Test
    void wrongKeysAreNotCountedAsAttempts() throws Exception {
        try (AdminGateway gateway =
                new AdminGateway("", (request, call) -> call.json(200, "{}"), "identity: { failedAttempts: 1 }")) {
            for (int i = 0; i < 3; i++) {
                JsonNode told = explain(gateway, question("not-the-key-of-anybody", BODY));
                assertThat(told.path("answer").path("status").asInt()).isEqualTo(401);
            }
            String wrong = question("not-the-key-of-anybody", BODY);
            assertThat(really(gateway, wrong).status()).isEqualTo(401);
            assertThat(explain(gateway, wrong).path("answer").path("status").asInt())
                    .as("the next one would be one too many")
                    .isEqualTo(429);
            assertThat(really(gateway, wrong).status()).isEqualTo(429);
            assertThat(gateway.get("/metrics").body()).as("only what was sent").doesNotContain("\"explained\"");
        }
    }

    @Test
    void aBodyThatWouldStreamIsForetoldWhole() throws Exception {
        String limits = "rateLimits: { principals: { caller: { requestsPerMinute: 9, tokensPerMinute: 1500 } } }";
        try (AdminGateway gateway =
                new AdminGateway("", (request, call) -> call.json(200, "{}"), limits, "limits: { heldBytes: 1KiB }")) {
            for (int characters : List.of(5920, 5924)) {
                JsonNode told =
                        explain(gateway, question(TestGateway.KEY, BODY.replace(SECRET_TEXT, "x".repeat(characters))));
                JsonNode tokens = told.path("quota").path("limits").path(1);
                assertThat(tokens.path("asked").asInt()).isEqualTo(20 + characters / 4);
                assertThat(told.path("quota")
                                .path("limits")
                                .path(0)
                                .path("asked")
                                .asInt())
                        .as("asked by the head, and not again")
                        .isEqualTo(1);
                assertThat(tokens.path("fits").asBoolean()).isEqualTo(characters == 5920);
                assertThat(told.path("decision").asText()).isEqualTo(characters == 5920 ? "forward" : "refuse");
            }
            assertThat(gateway.get("/quota").body()).isEqualTo("{\"limits\":[]}");
        }
    }

    @Test
    void aKeyInRedisIsLookedUpAsEver(@TempDir Path directory) throws Exception {
        try (RedisServer redis = new RedisServer()) {
            String state = "state: { redis: \"" + redis.url() + "\", deadline: 200ms }";
            Path file = Files.writeString(
                    directory.resolve("headgate.yaml"),
                    state + "\ndeployments: { gpt: { upstreams: [{ url: http://127.0.0.1:1 }] } }\n");
            try (AdminGateway gateway = new AdminGateway("", (request, call) -> call.json(200, "{}"), state)) {
                String key = KeyNodes.run("key", "add", "team", file.toString()).key();
                await().untilAsserted(() -> assertThat(explain(gateway, question(key, BODY))
                                .path("principal")
                                .path("name")
                                .asText())
                        .isEqualTo("team"));
                redis.close();
                String other = KeyNodes.run("key", "new", "other").key();
                await().untilAsserted(() -> assertThat(explain(gateway, question(other, BODY))
                                .path("answer")
                                .path("status")
                                .asInt())
                        .as("nobody knows whose it is")
                        .isEqualTo(503));
            }
        }
    }
}
