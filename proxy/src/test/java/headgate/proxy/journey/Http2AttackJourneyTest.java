package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is cheap to send must not be dear to receive, and no field of HTTP/2 becomes two of HTTP/1.1. */
class Http2AttackJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\"}";

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.inFrontOf(
                upstream,
                "limits: { headerTime: 500ms, headerBytes: 8KiB, http2: { streams: 8, resets: 20, controlFrames: 100 } }");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void streamsResetAtOnceEndTheConnectionAndCostNothingUpstream() throws Exception {
        int before = upstream.waiting();
        try (H2Caller caller = new H2Caller(gateway.port())) {
            flood(() -> {
                for (int i = 0; i < 100; i++) {
                    caller.chatHead(2 * i + 1).reset(2 * i + 1, H2Caller.CANCEL);
                }
            });
            assertThat(caller.goAway()).isEqualTo(H2Caller.ENHANCE_YOUR_CALM);
        }
        assertThat(upstream.waiting()).isEqualTo(before);
    }

    @Test
    void streamsThatTheGatewayIsMadeToResetEndTheConnectionToo() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            flood(() -> {
                for (int i = 0; i < 100; i++) {
                    caller.chatHead(2 * i + 1).window(2 * i + 1, 0);
                }
            });
            assertThat(caller.goAway()).isEqualTo(H2Caller.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void asManyResetsAsTheLimitSaysAreForgiven() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            for (int i = 0; i < 19; i++) {
                caller.chatHead(2 * i + 1).reset(2 * i + 1, H2Caller.CANCEL);
            }
            assertThat(caller.chat(99, BODY).answer(99).status()).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {H2Caller.PING, H2Caller.SETTINGS, 2, 0xEE})
    void framesThatCarryNothingEndTheConnection(int type) throws Exception {
        byte[] payload = new byte[type == H2Caller.PING ? 8 : type == 2 ? 5 : 0];
        try (H2Caller caller = new H2Caller(gateway.port())) {
            flood(() -> {
                for (int i = 0; i < 200; i++) {
                    caller.frame(type, 0, type == 2 ? 1 : 0, payload);
                }
            });
            assertThat(caller.goAway()).isEqualTo(H2Caller.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void emptyPartsEndTheConnection() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            flood(() -> {
                caller.chatHead(1);
                for (int i = 0; i < 200; i++) {
                    caller.data(1, 0, "");
                }
            });
            assertThat(caller.goAway()).isEqualTo(H2Caller.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aHeadInEndlessPiecesEndsTheConnection() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            flood(() -> {
                caller.frame(H2Caller.HEADERS, 0, 1, H2Caller.block(":method", "POST"));
                for (int i = 0; i < 1000; i++) {
                    caller.frame(H2Caller.CONTINUATION, 0, 1, H2Caller.block("x-" + i, "y"));
                }
            });
            assertThat(caller.goAway()).isEqualTo(H2Caller.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aHeadThatDoesNotEndInTimeEndsTheConnection() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            caller.frame(H2Caller.HEADERS, 0, 1, H2Caller.block(":method", "POST"));
            assertThat(caller.goAway()).isEqualTo(H2Caller.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void moreStreamsThanMayBeOpenAreRefusedAndTheOthersGoOn() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            for (int i = 0; i < 9; i++) {
                caller.chatHead(2 * i + 1);
            }
            assertThat(caller.answer(17).reset).as("REFUSED_STREAM").isEqualTo(7);
            assertThat(caller.data(1, H2Caller.END_STREAM, BODY).answer(1).status())
                    .isEqualTo("200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x: a\r\nb: c",
                "x: a\nb: c",
                "x: a\0b",
                "x y: a",
                "x:y: a",
                "X: a",
                ": a",
                "transfer-encoding: chunked",
                "connection: close",
                "keep-alive: 1",
                "proxy-connection: close",
                "upgrade: h2c",
                "te: gzip",
                "host: another",
                ":path: /openai/v1/models",
                ":authority: another",
                ":other: a",
                "content-length: 5",
            })
    void aFieldThatMayNotBeThereIsResetAndReachesNobody(String field) throws Exception {
        int before = upstream.waiting();
        int colon = field.indexOf(": ");
        try (H2Caller caller = new H2Caller(gateway.port())) {
            caller.chatHead(1, field.substring(0, colon), field.substring(colon + 2))
                    .data(1, H2Caller.END_STREAM, BODY);
            H2Caller.Answer answer = caller.answer(1);
            assertThat(answer.reset == H2Caller.PROTOCOL_ERROR
                            || answer.status().equals("400"))
                    .as("reset or refused")
                    .isTrue();
        }
        assertThat(upstream.waiting()).isEqualTo(before);
    }

    @Test
    void aPathThatCouldEndTheFirstLineReachesNobody() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            String path = new String(
                    "/ HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
            caller.head(1, H2Caller.END_STREAM, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "g");
            assertThat(caller.answer(1).reset).isEqualTo(H2Caller.PROTOCOL_ERROR);
        }
    }

    @Test
    void aHeadAboveTheLimitIsRefused() throws Exception {
        try (H2Caller caller = new H2Caller(gateway.port())) {
            caller.head(
                    1,
                    H2Caller.END_STREAM,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":path",
                    "/" + "p".repeat(8100),
                    ":authority",
                    "g".repeat(60));
            assertThat(caller.answer(1).status()).isIn("431", "414");
        }
    }

    private interface Sending {
        void send() throws IOException;
    }

    /** The gateway may close while the flood still comes. */
    private static void flood(Sending sending) {
        try {
            sending.send();
        } catch (IOException e) {
            // It has closed, which the test sees for itself.
        }
    }
}
