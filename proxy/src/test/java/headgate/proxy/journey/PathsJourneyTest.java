package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path asks for, and where that is found at each kind of upstream. */
class PathsJourneyTest {
    private static final String MODELS = "?api-version=2024-05-01-preview";
    private static final String LEGACY = "?api-version=2024-10-21";

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %1$s }
                transport: { eventLoops: 1 }
                deployments:
                  gpt4o-k.s: { upstreams: [{ url: "%2$s/base/v1/", model: up, key: provider-secret }] }
                  azure: { upstreams: [{ url: "%2$s/openai", api: azure, deployment: up, key: provider-secret }] }
                  inference: { upstreams: [{ url: "%2$s/models", api: azure-inference, model: up, key: provider-secret }] }
                  dated: { upstreams: [{ url: "%2$s/openai", api: azure, model: up, apiVersion: 2025-01-01-preview }] }
                """.formatted(TestGateway.KEY, upstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void forgetWhatCameBefore() throws InterruptedException {
        while (upstream.waiting() > 0) {
            upstream.next();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat/completions",
                "completions",
                "embeddings",
                "responses",
                "images/generations",
                "audio/speech"
            })
    void eachOperationOfV1ReachesItsPathAtEachKindOfUpstream(String asked) throws Exception {
        assertThat(lineUpstream("/openai/v1/" + asked, "GPT4o-K.s")).isEqualTo("/base/v1/" + asked);
        assertThat(lineUpstream("/openai/v1/" + asked, "azure"))
                .isEqualTo("/openai/" + (asked.equals("responses") ? "" : "deployments/up/") + asked + LEGACY);
        assertThat(lineUpstream("/openai/v1/" + asked + "?api-version=preview", "inference"))
                .isEqualTo("/models/" + asked + MODELS);
        assertThat(lineUpstream("/openai/v1/" + asked + "?api-version=v1", "dated"))
                .endsWith(asked + "?api-version=2025-01-01-preview");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/completions", "completions", "embeddings", "images/generations", "audio/speech"})
    void aDeploymentInThePathDecidesWhateverTheBodySays(String asked) throws Exception {
        assertThat(lineUpstream("/openai/deployments/azure/" + asked + LEGACY, "inference"))
                .isEqualTo("/openai/deployments/up/" + asked + LEGACY);
        assertThat(lineUpstream("/openai/deployments/gpt4o-k.s/" + asked + LEGACY, null))
                .isEqualTo("/base/v1/" + asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/completions", "embeddings", "images/embeddings"})
    void theModelsSurfaceReachesEachKindOfUpstream(String asked) throws Exception {
        assertThat(lineUpstream("/models/" + asked + MODELS, "gpt4o-k.s")).isEqualTo("/base/v1/" + asked);
        assertThat(lineUpstream("/models/" + asked + MODELS, "azure"))
                .isEqualTo("/openai/deployments/up/" + asked + LEGACY);
        assertThat(lineUpstream("/models/" + asked + MODELS, "inference")).isEqualTo("/models/" + asked + MODELS);
    }

    @Test
    void responsesWithoutADeploymentInThePath() throws Exception {
        assertThat(lineUpstream("/openai/responses" + LEGACY, "gpt4o-k.s")).isEqualTo("/base/v1/responses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt4o%2dk.s", "GPT4O-K.S", "%67pt4o-k%2es", "gpt4o%2Dk.s"})
    void anEncodedNameIsTheSameName(String name) throws Exception {
        assertThat(lineUpstream("/openai/deployments/" + name + "/chat/completions" + LEGACY, null))
                .isEqualTo("/base/v1/chat/completions");
        assertThat(lineUpstream("/%6fpenai/v%31/completions", "gpt4o-k.s")).isEqualTo("/base/v1/completions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azure%2f",
                "azure%2Fchat",
                "x%2f..%2fazure",
                "azure;a=b",
                "azure%3ba",
                "azure%00",
                "%00azure",
                "azure%20",
                "azure%0a",
                "azure%7f",
                "azure%5c",
                "azure\\",
                "azure%",
                "azure%2",
                "azure%zz",
                "%c0%ae%c0%ae",
                "azure%ff",
                "azure%c3",
                "%ed%a0%80",
                "azure%3f",
                "azure%23",
                "%2561zure",
                ".",
                "..",
                "%2e%2e",
                "azure/..",
                "./azure",
                "",
                "/azure",
                "azure/",
                "gpt4o-%e2%84%aa.s",
                "gpt4o-k.%c5%bf",
                "%ef%bd%81zure"
            })
    void aNameThatCouldBeReadInTwoWaysSelectsNothing(String name) throws Exception {
        RawCaller.Answer answer = ask("POST", "/openai/deployments/" + name + "/chat/completions" + LEGACY, "azure");
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.field("x-ms-error-code")).isIn("404", "DeploymentNotFound");
        assertThat(lineUpstream("/openai/v1/embeddings", "gpt4o-k.s"))
                .as("nothing came before")
                .isEqualTo("/base/v1/embeddings");
        assertThat(upstream.waiting()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/models/embeddings, '', 400",
        "/models/embeddings, ?api-version=, 400",
        "/models/embeddings, ?api-version=v1, 400",
        "/models/embeddings, ?api-version=2024-5-1, 400",
        "/models/embeddings, ?api-version=2024-05-01-beta, 400",
        "/models/embeddings, ?api-version=2024-05-01, 200",
        "/models/embeddings, ?a&api-version=2024-05-01%2Dpreview&b=c, 200",
        "/models/embeddings, ?xapi-version=2024-05-01, 400",
        "/openai/responses, '', 404",
        "/openai/deployments/azure/embeddings, '', 404",
        "/openai/deployments/azure/embeddings, ?api-version=preview, 400",
        "/openai/deployments/azure/embeddings, ?api-version=2024-10-21, 200",
        "/openai/v1/embeddings, '', 200",
        "/openai/v1/embeddings, ?api-version=v1, 200",
        "/openai/v1/embeddings, ?api-version=preview, 200",
        "/openai/v1/embeddings, ?api-version=2025-04-01-preview, 200",
        "/openai/v1/embeddings, ?api-version=v2, 400"
    })
    void theVersionOfTheApi(String path, String query, int status) throws Exception {
        RawCaller.Answer answer = ask("POST", path + query, "azure");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status == 200) {
            upstream.next();
        } else if (status == 404) {
            assertThat(answer.body())
                    .contains("\"code\":\"404\",\"message\":\"Resource not found")
                    .contains("api-version");
        } else {
            assertThat(answer.field("x-ms-error-code")).isEqualTo("BadRequest");
            assertThat(answer.body())
                    .contains(query.matches("|[?]api-version=|[?]x.*") ? "is missing" : "API version not supported");
        }
    }

    private static String lineUpstream(String path, @Nullable String model) throws Exception {
        RawCaller.Answer answer = ask("POST", path, model);
        assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
        String line = upstream.next().line();
        assertThat(line).startsWith("POST ").endsWith(" HTTP/1.1");
        return line.substring(5, line.length() - 9);
    }

    private static RawCaller.Answer ask(String method, String path, @Nullable String model) throws IOException {
        String body = model == null ? "{\"input\":\"a\"}" : "{\"model\":\"" + model + "\",\"input\":\"a\"}";
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(method + " " + path + " HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY
                    + "\r\nextra-parameters: pass-through\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            return caller.read();
        }
    }
}
