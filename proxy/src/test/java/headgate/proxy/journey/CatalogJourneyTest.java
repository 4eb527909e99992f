package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What there is can be asked for, and is answered from the configuration. */
class CatalogJourneyTest {
    private static final String MODEL = "{\"id\":\"gpt\",\"object\":\"model\",\"created\":0,\"owned_by\":\"OpenAI\"}";
    private static final String OTHER = "{\"id\":\"Vectors\",\"object\":\"model\",\"created\":0,\"owned_by\":\"\"}";

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %1$s }
                deployments:
                  gpt:
                    model: { format: OpenAI, name: gpt-4o, version: 2024-11-20 }
                    sku: { name: GlobalStandard, capacity: 450 }
                    upstreams: [{ url: "%2$s/v1", key: provider-secret }]
                  Vectors: { operations: [embeddings], upstreams: [{ url: "%2$s/v1" }] }
                """.formatted(TestGateway.KEY, upstream.url()));
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
                "/openai/v1/models",
                "/openai/v1/models?api-version=preview",
                "/openai/models?api-version=2024-10-21"
            })
    void theModelsAreListedInTheOrderOfTheConfiguration(String path) throws Exception {
        RawCaller.Answer answer = get(path);
        assertThat(answer.body()).isEqualTo("{\"object\":\"list\",\"data\":[" + MODEL + "," + OTHER + "]}");
        assertThat(answer.field("content-type")).isEqualTo("application/json");
        assertThat(answer.field("x-request-id")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/v1/models/gpt, 200",
        "/openai/v1/models/GPT, 200",
        "/openai/v1/models/g%70t, 200",
        "/openai/models/gpt?api-version=2024-10-21, 200",
        "/openai/models/gpt, 404",
        "/openai/v1/models/none, 404",
        "/openai/v1/models/g%2fpt, 404"
    })
    void oneModelIsFoundByItsName(String path, int status) throws Exception {
        RawCaller.Answer answer = get(path);
        assertThat(answer.status()).isEqualTo(status);
        if (status == 200) {
            assertThat(answer.body()).isEqualTo(MODEL);
        }
    }

    @Test
    void theDeploymentsAreListed() throws Exception {
        assertThat(get("/openai/deployments?api-version=2024-10-21").body())
                .startsWith(
                        "{\"object\":\"list\",\"data\":[{\"id\":\"gpt\",\"object\":\"deployment\",\"model\":\"gpt-4o\",")
                .contains("\"sku\":{\"name\":\"GlobalStandard\",\"capacity\":450}")
                .contains("{\"id\":\"Vectors\",\"object\":\"deployment\",\"model\":\"Vectors\",")
                .doesNotContain("provider-secret")
                .doesNotContain("127.0.0.1");
        assertThat(get("/openai/deployments").status()).isEqualTo(404);
    }

    @Test
    void whatADeploymentIsCanBeAsked() throws Exception {
        String path = "/models/info?api-version=2024-05-01-preview";
        assertThat(get(path + "&model=gpt").body())
                .isEqualTo("{\"model_name\":\"gpt-4o\",\"model_type\":\"chat_completion\","
                        + "\"model_provider_name\":\"OpenAI\"}");
        assertThat(get(path + "&model=vec%74ors").body())
                .isEqualTo("{\"model_name\":\"Vectors\",\"model_type\":\"embeddings\",\"model_provider_name\":\"\"}");
        assertThat(get(path + "&model=none").field("x-ms-error-code")).isEqualTo("unknown_model");
        assertThat(get(path).field("x-ms-error-code")).isEqualTo("no_model_name");
        assertThat(get("/models/info?model=gpt").status())
                .as("the version is missing")
                .isEqualTo(400);
    }

    @Test
    void theOnlyDeploymentAnswersForItself() throws Exception {
        try (TestGateway single = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(single.port())) {
            caller.send("GET /models/info?api-version=2024-05-01-preview HTTP/1.1\r\nhost: g\r\napi-key: "
                    + TestGateway.KEY + "\r\n\r\n");
            assertThat(caller.read().body()).contains("\"model_name\":\"gpt\"");
        }
    }

    @Test
    void onlyKnownCallersAreTold() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            for (String path : new String[] {"/openai/v1/models", "/openai/v1/models/gpt", "/openai/v1/models/none"}) {
                caller.send("GET " + path + " HTTP/1.1\r\nhost: g\r\n\r\n");
                assertThat(caller.read().status()).isEqualTo(401);
            }
        }
    }

    @Test
    void headIsAnsweredWithTheHeadAlone() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            for (String path : new String[] {"/openai/v1/models", "/openai/v1/models/none"}) {
                String fields = " " + path + " HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY + "\r\n\r\n";
                String head = caller.send("HEAD" + fields).readHead();
                RawCaller.Answer whole = caller.send("GET" + fields).read();
                assertThat(head)
                        .startsWith("HTTP/1.1 " + whole.status())
                        .contains("\r\ncontent-length: " + whole.field("content-length") + "\r\n");
            }
        }
    }

    @Test
    void aBodyBehindAQuestionThatNeedsNoneIsSkipped() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            String head = "GET /openai/v1/models HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY + "\r\n";
            caller.send(head + "content-length: 5\r\n\r\nGET /" + head + "\r\n");
            assertThat(caller.read().status()).isEqualTo(200);
            assertThat(caller.read().status()).isEqualTo(200);
        }
    }

    private static RawCaller.Answer get(String path) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send("GET " + path + " HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY + "\r\n\r\n");
            return caller.read();
        }
    }
}
