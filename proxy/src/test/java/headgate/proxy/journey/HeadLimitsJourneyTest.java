package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller may send before its body is bounded: line, fields, time, and how many callers there are. */
class HeadLimitsJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\"}";
    private static final int LINE_BYTES = 256;
    private static final int HEAD_BYTES = 1024;
    private static final int FIELDS = 10;

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.inFrontOf(upstream, """
                limits:
                  requestLineBytes: 256B
                  headerBytes: 1KiB
                  headerCount: 10
                  headerTime: 500ms
                  keepAliveIdle: 400ms
                  lingerTime: 200ms
                """);
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 414"})
    void theRequestLine(int beyond, int status) throws Exception {
        String line = "POST /openai/v1/chat/completions?a= HTTP/1.1";
        String request = RawCaller.chatRequest(BODY)
                .replace("?a=", "")
                .replace(
                        "/completions HTTP",
                        "/completions?a=" + "x".repeat(LINE_BYTES + beyond - line.length()) + " HTTP");
        assertThat(request.indexOf('\r')).isEqualTo(LINE_BYTES + beyond);
        assertAnsweredAtEverySplit(request, LINE_BYTES, status);
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 431", "2, 431", "3, 431"})
    void theWholeHead(int beyond, int status) throws Exception {
        int bare = RawCaller.chatRequest(BODY, "x: ").length() - BODY.length();
        String request = RawCaller.chatRequest(BODY, "x: " + "y".repeat(HEAD_BYTES + beyond - bare));
        assertThat(request.length() - BODY.length()).isEqualTo(HEAD_BYTES + beyond);
        assertAnsweredAtEverySplit(request, HEAD_BYTES, status);
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 431"})
    void theNumberOfFields(int beyond, int status) throws Exception {
        String[] more = new String[FIELDS + beyond - 4];
        Arrays.fill(more, "x: y");
        try (RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY, more).read().status()).isEqualTo(status);
        }
    }

    @Test
    void aHeadThatDoesNotComeInTimeIsToldSo() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send("POST /openai/v1/chat");
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.field("x-ms-error-code")).isEqualTo("RequestTimeout");
            assertThat(caller.restUntilClose()).isEmpty();
        }
    }

    @Test
    void aSecondHeadHasItsOwnTimeFromItsFirstByte() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(RawCaller.chatRequest(BODY) + "P");
            assertThat(caller.read().status()).isEqualTo(200);
            assertThat(caller.read().status()).isEqualTo(408);
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedWithoutAWord() throws Exception {
        try (RawCaller never = new RawCaller(gateway.port());
                RawCaller once = new RawCaller(gateway.port())) {
            assertThat(once.chat(BODY).read().status()).isEqualTo(200);
            assertThat(once.chat(BODY).read().status())
                    .as("before its time is over")
                    .isEqualTo(200);
            assertThat(once.restUntilClose()).isEmpty();
            assertThat(never.restUntilClose()).isEmpty();
        }
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnceUntilAnotherLeaves() throws Exception {
        try (TestGateway small = TestGateway.inFrontOf(upstream, "limits: { connections: 2 }");
                RawCaller first = new RawCaller(small.port())) {
            try (RawCaller second = new RawCaller(small.port())) {
                assertThat(first.chat(BODY).read().status()).isEqualTo(200);
                assertThat(second.chat(BODY).read().status()).isEqualTo(200);
                try (RawCaller third = new RawCaller(small.port())) {
                    assertThat(third.restUntilClose()).isEmpty();
                }
                assertThat(second.chat(BODY).read().status()).isEqualTo(200);
            }
            await().until(() -> small.server().openConnections() == 1);
            try (RawCaller next = new RawCaller(small.port())) {
                assertThat(next.chat(BODY).read().status()).isEqualTo(200);
            }
        }
    }

    /** Around a bound it must make no difference where the bytes were cut. */
    private static void assertAnsweredAtEverySplit(String request, int bound, int status) throws Exception {
        for (int split = bound - 3; split <= bound + 3; split++) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                caller.send(request.substring(0, split));
                // The gateway must have read the first part alone.
                TimeUnit.MILLISECONDS.sleep(20);
                caller.send(request.substring(split));
                assertThat(caller.read().status()).as("split at " + split).isEqualTo(status);
            }
        }
    }
}
