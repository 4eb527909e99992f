package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A caller that waits for {@code 100 Continue} hears it when it is known who it is and what it wants, and not before. */
class ExpectContinueJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\"}";
    private static final String HEAD = "POST /openai/v1/chat/completions HTTP/1.1\r\nhost: g\r\napi-key: "
            + TestGateway.KEY + "\r\nexpect: 100-Continue\r\n";
    private static final String SIZED = HEAD + "content-length: " + BODY.length() + "\r\n\r\n";

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.inFrontOf(upstream, "limits: { bodyBytes: 1MiB, lingerTime: 300ms }");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void aKnownCallerIsToldToGoOnTimeAfterTime() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(caller.send(SIZED).readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                assertThat(caller.send(BODY).read().status()).isEqualTo(200);
                assertThat(upstream.next().field("expect"))
                        .as("it is between caller and gateway")
                        .isEmpty();
            }
        }
    }

    @Test
    void aCallerThatDoesNotWaitIsServedToo() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(SIZED + BODY);
            assertThat(caller.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(caller.read().status()).isEqualTo(200);
            upstream.next();
        }
    }

    @ParameterizedTest
    @CsvSource({
        TestGateway.KEY + ", a-wrong-key, 401",
        "/chat/, /chatter/, 404",
        "POST, PUT, 405",
        "host: g, 'host: g\r\ncontent-type: text/plain', 415",
        "'length: ', 'length: 9999999', 413"
    })
    void aRefusedCallerHearsTheRefusalAlone(String right, String wrong, int status) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer = caller.send(SIZED.replace(right, wrong)).read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("connection"))
                    .as("whether a body follows cannot be known")
                    .isEqualTo("close");
            assertThat(caller.restUntilClose()).isEmpty();
        }
        assertThat(upstream.waiting()).isZero();
    }

    @Test
    void anotherExpectationIsNotMet() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(SIZED.replace("100-Continue", "200-ok") + BODY);
            assertThat(caller.read().status()).isEqualTo(417);
        }
    }

    @Test
    void withoutABodyThereIsNothingToWaitFor() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(SIZED.replace("POST /openai/v1/chat/completions", "GET /openai/v1/models")
                    .replace("content-length: " + BODY.length() + "\r\n", ""));
            assertThat(caller.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerOfHttp10IsNeverToldToGoOn() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(SIZED.replace("HTTP/1.1", "HTTP/1.0") + BODY);
            assertThat(caller.read().status()).isEqualTo(200);
            upstream.next();
        }
    }
}
