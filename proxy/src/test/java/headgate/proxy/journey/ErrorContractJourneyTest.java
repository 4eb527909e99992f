package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors are what callers match on: each is checked whole, with its header fields. */
class ErrorContractJourneyTest {
    private static final String V1 = "/openai/v1/chat/completions";
    private static final String MODELS = "/models/chat/completions?api-version=2024-05-01-preview";
    private static final String LEGACY = "/openai/deployments/%s/chat/completions?api-version=2024-10-21";
    private static final String NO_MODEL =
            "No model specified in request. Please provide a model name in the request body"
                    + " or as a x-ms-model-mesh-model-name header.";
    private static final String NO_DEPLOYMENT =
            "The API deployment for this resource does not exist. If you created the"
                    + " deployment within the last 5 minutes, please wait a moment and try again.";
    private static final String NO_ACCESS =
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure"
                    + " to provide a valid key for an active subscription and use a correct regional API endpoint for your"
                    + " resource.";

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %1$s }
                limits: { jsonDepth: 8, bodyBytes: 1000B, heldBytes: 1KiB }
                deployments:
                  gpt: { upstreams: [{ url: "%2$s/v1" }] }
                  vectors: { operations: [embeddings], upstreams: [{ url: "%2$s/v1" }] }
                """.formatted(TestGateway.KEY, upstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void isToldExactly(String what, String target, String body, int status, String code, String expected)
            throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            boolean known = !what.contains("key");
            caller.send("POST " + target + " HTTP/1.1\r\nhost: g\r\n" + (known ? "api-key: " + TestGateway.KEY : "x: y")
                    + "\r\nX-Request-Id: id-of-the-caller\r\ncontent-type: application/json\r\ncontent-length: "
                    + body.length() + "\r\n\r\n" + body);
            RawCaller.Answer answer = caller.read();
            assertThat(answer.body()).isEqualTo(expected);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("content-type")).isEqualTo("application/json");
            assertThat(answer.field("x-ms-error-code")).isEqualTo(code);
            assertThat(answer.field("x-request-id")).isEqualTo("id-of-the-caller");
            assertThat(answer.field("apim-request-id")).isEqualTo("id-of-the-caller");
            assertThat(upstream.waiting()).isZero();
        }
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                error("no model on models", MODELS, "{}", 400, "no_model_name", models("no_model_name", NO_MODEL)),
                error(
                        "an unknown model on models",
                        MODELS,
                        "{\"model\":\"no\\\"ne\"}",
                        404,
                        "unknown_model",
                        models("unknown_model", "Unknown model: no\\\"ne")),
                error(
                        "no model on v1",
                        V1,
                        "{}",
                        400,
                        "BadRequest",
                        openai("BadRequest", "The body has no model; a deployment's name was expected.")),
                error(
                        "an unknown model on v1",
                        V1,
                        "{\"model\":\"none\"}",
                        404,
                        "DeploymentNotFound",
                        openai("DeploymentNotFound", NO_DEPLOYMENT)),
                error(
                        "an unknown deployment",
                        LEGACY.formatted("none"),
                        "{\"model\":\"gpt\"}",
                        404,
                        "DeploymentNotFound",
                        openai("DeploymentNotFound", NO_DEPLOYMENT)),
                error("no key on v1", V1, "{\"model\":\"gpt\"}", 401, "401", """
                        {"error":{"code":"401","message":"%s","type":"authentication_error"}}""".formatted(NO_ACCESS)),
                error("no key on models", MODELS, "{\"model\":\"gpt\"}", 401, "401", """
                        {"error":{"code":"401","message":"%s"}}""".formatted(NO_ACCESS)),
                error("an unknown path", "/openai/v2", "", 404, "404", openai("404", "Resource not found")),
                error(
                        "an operation that a deployment does not do",
                        V1,
                        "{\"model\":\"vectors\"}",
                        400,
                        "OperationNotSupported",
                        openai("OperationNotSupported", "The deployment vectors does not do chat/completions.")),
                error(
                        "a body that is too large",
                        V1,
                        " ".repeat(1001),
                        413,
                        "RequestEntityTooLarge",
                        openai("RequestEntityTooLarge", "The body is longer than the 1000 bytes that are accepted.")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void aBodyThatCannotBeReadIsToldWithItsByte(String body, int offset) throws Exception {
        for (String target : new String[] {V1, MODELS, LEGACY.formatted("gpt")}) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                caller.send("POST " + target + " HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY
                        + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
                RawCaller.Answer answer = caller.read();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.field("x-ms-error-code")).isEqualTo("BadRequest");
                assertThat(answer.body()).contains("The body cannot be read at byte " + offset + ": ");
                assertThat(upstream.waiting()).isZero();
            }
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("", 0),
                Arguments.of("[]", 0),
                Arguments.of("{\"model\":\"gpt\"", 14),
                Arguments.of("{\"model\":\"gpt\"}}", 15),
                Arguments.of("{\"model\":\"gpt\"} {", 16),
                Arguments.of("{\"model\":\"gpt\",}", 15),
                Arguments.of("\u00ef\u00bb\u00bf{\"model\":\"gpt\"}", 0),
                Arguments.of("{\"model\":\"gpt\",\"a\":\"\u00ff\"}", 20),
                Arguments.of("{\"model\":\"gpt\",\"a\":[[[[[[[[1]]]]]]]]}", 26));
    }

    @Test
    void aSecondModelIsRefusedHoweverItIsSpelled() throws Exception {
        for (String second : new String[] {"model", "mod\\u0065l"}) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                RawCaller.Answer answer = caller.chat("{\"model\":\"gpt\",\"a\":1,\"" + second + "\":\"vectors\"}")
                        .read();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains("The body cannot be read at byte ");
                assertThat(upstream.waiting()).isZero();
            }
        }
    }

    @Test
    void anIdThatCouldMeanMoreIsReplaced() throws Exception {
        for (String id : new String[] {"", "a b", "a\"b", "\u00e9", "x".repeat(129)}) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                RawCaller.Answer answer = caller.chat("{\"model\":\"none\"}", "x-request-id: " + id)
                        .read();
                assertThat(answer.field("x-request-id"))
                        .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                        .isEqualTo(answer.field("apim-request-id"));
            }
        }
    }

    @Test
    void anEncodedBodyAndAnotherTypeAreNotAccepted() throws Exception {
        String body = "{\"model\":\"gpt\"}";
        String request = RawCaller.chatRequest(body, "content-encoding: gzip");
        String typed = RawCaller.chatRequest(body);
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(request);
            assertThat(caller.read().field("x-ms-error-code")).isEqualTo("UnsupportedMediaType");
            for (String type :
                    new String[] {"text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=a"
                    }) {
                RawCaller.Answer answer =
                        caller.send(typed.replace("application/json", type)).read();
                assertThat(answer.status()).as(type).isEqualTo(415);
            }
            for (String type : new String[] {"Application/JSON;charset=\"UTF-8\"", "application/problem+json"}) {
                assertThat(caller.send(typed.replace("application/json", type))
                                .read()
                                .status())
                        .as(type)
                        .isEqualTo(200);
                upstream.next();
            }
        }
    }

    @Test
    void anyValidCredentialInAnyOfTheThreeFieldsIsEnough() throws Exception {
        String request = RawCaller.chatRequest("{\"model\":\"gpt\"}");
        String key = "api-key: " + TestGateway.KEY;
        try (RawCaller caller = new RawCaller(gateway.port())) {
            for (String field : new String[] {
                "Ocp-Apim-Subscription-Key: " + TestGateway.KEY,
                "Authorization: Bearer " + TestGateway.KEY,
                "authorization: bearer " + TestGateway.KEY,
                "Authorization: " + TestGateway.KEY,
                "api-key: wrong\r\nAuthorization: Bearer " + TestGateway.KEY,
                "Authorization: Bearer wrong\r\napi-key: " + TestGateway.KEY
            }) {
                RawCaller.Answer answer =
                        caller.send(request.replace(key, field)).read();
                assertThat(answer.status()).as(field).isEqualTo(200);
                assertThat(upstream.next().head())
                        .doesNotContain(TestGateway.KEY)
                        .doesNotContain("wrong");
            }
            for (String field : new String[] {
                "api-key:",
                "api-key: " + TestGateway.KEY + "x",
                "Authorization: Basic " + TestGateway.KEY,
                "x-api-key: " + TestGateway.KEY
            }) {
                assertThat(caller.send(request.replace(key, field)).read().status())
                        .as(field)
                        .isEqualTo(401);
            }
        }
    }

    private static Arguments error(String what, String target, String body, int status, String code, String expected) {
        return Arguments.of(what, target, body, status, code, expected);
    }

    private static String models(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"details\":\"" + message
                + "\"}}";
    }

    private static String openai(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message
                + "\",\"type\":\"invalid_request_error\"}}";
    }
}
