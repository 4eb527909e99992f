package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a body may be, how much of it may be held, and how long it may rest. */
class BodyLimitsJourneyTest {
    private static final int BODY_BYTES = 2 << 20;
    private static final int EXCHANGE_BYTES = 1 << 20;
    private static final String HEAD = "POST /openai/v1/chat/completions HTTP/1.1\r\nhost: g\r\napi-key: "
            + TestGateway.KEY + "\r\ncontent-type: application/json\r\n";

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) ->
                call.json(200, "{\"length\":" + request.body().length() + "}"));
        gateway = TestGateway.inFrontOf(upstream, """
                limits:
                  bodyBytes: 2MiB
                  heldBytes: 64KiB
                  heldBytesPerExchange: 1MiB
                  heldBytesTotal: 8MiB
                  bodyIdle: 700ms
                  lingerTime: 500ms
                """);
    }

    @AfterAll
    static void stop() throws IOException {
        assertNothingIsHeld();
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 413"})
    void theAnnouncedBody(int beyond, int status) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer =
                    caller.chat(modelFirst(BODY_BYTES + beyond)).read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            if (status == 413) {
                assertThat(answer.field("x-ms-error-code")).isEqualTo("RequestEntityTooLarge");
                assertThat(answer.field("connection")).isEqualTo("close");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 413"})
    void theBodyInChunks(int beyond, int status) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(HEAD + "transfer-encoding: chunked\r\n\r\n" + chunks(modelFirst(BODY_BYTES + beyond)));
            assertThat(caller.read().status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 200", "1, 413"})
    void whatOneExchangeHoldsUntilItsModelIsKnown(int beyond, int status) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer =
                    caller.chat(modelLast(EXCHANGE_BYTES + beyond)).read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        }
        assertNothingIsHeld();
    }

    @Test
    void whatAllHoldTogether() throws Exception {
        try (TestGateway small = TestGateway.inFrontOf(
                        upstream, "limits: { heldBytes: 64KiB, heldBytesPerExchange: 1MiB, heldBytesTotal: 1MiB }");
                RawCaller first = new RawCaller(small.port());
                RawCaller second = new RawCaller(small.port())) {
            String request = RawCaller.chatRequest(modelLast(200_000));
            first.send(request.substring(0, request.length() - 100));
            await().until(() -> small.server().heldBytes() >= 200_000 - 100);
            RawCaller.Answer refused = second.chat(modelLast(EXCHANGE_BYTES)).read();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("x-ms-error-code")).isEqualTo("ServiceUnavailable");
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(refused.field("retry-after-ms")).isEqualTo("1000");
            assertThat(first.send(request.substring(request.length() - 100))
                            .read()
                            .status())
                    .as("who holds already is not disturbed")
                    .isEqualTo(200);
            await().until(() -> small.server().heldBytes() == 0);
        }
    }

    @Test
    void aBodyThatRestsTooLongIsToldSo() throws Exception {
        for (String begun : new String[] {"", "{\"model\":\"g", "{\"model\":\"gpt\",\"n\":"}) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                caller.send(HEAD + "content-length: 100\r\n\r\n" + begun);
                RawCaller.Answer answer = caller.read();
                assertThat(answer.status()).as("after " + begun).isEqualTo(408);
                assertThat(answer.field("x-ms-error-code")).isEqualTo("RequestTimeout");
                assertThat(answer.field("connection")).isEqualTo("close");
                assertThat(caller.restUntilClose()).isEmpty();
            }
        }
        assertNothingIsHeld();
    }

    @Test
    void aRefusedRequestWhoseBodyNeverComesDoesNotKeepItsConnection() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(HEAD.replace(TestGateway.KEY, "wrong") + "content-length: 100\r\n\r\n");
            assertThat(caller.read().status()).isEqualTo(401);
            assertThat(caller.restUntilClose()).isEmpty();
        }
    }

    @Test
    void aSlowBodyThatNeverRestsPasses() throws Exception {
        String request = RawCaller.chatRequest("{\"model\":\"gpt\"}");
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(request.substring(0, request.length() - 5));
            for (int i = request.length() - 5; i < request.length(); i++) {
                TimeUnit.MILLISECONDS.sleep(200);
                caller.send(request.substring(i, i + 1));
            }
            assertThat(caller.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatLeavesInTheMiddleOfItsRequestLeavesNothingHeld() throws Exception {
        String whole = RawCaller.chatRequest(modelLast(150_000));
        String chunked = HEAD + "transfer-encoding: chunked\r\n\r\n" + chunks(modelLast(150_000));
        String streamed = RawCaller.chatRequest(modelFirst(500_000));
        for (String request : new String[] {whole, chunked, streamed}) {
            for (int sent : new int[] {10, 60, 170, 5_000, 140_000, request.length() - 1}) {
                try (RawCaller caller = new RawCaller(gateway.port())) {
                    caller.send(request.substring(0, Math.min(sent, request.length() - 1)));
                }
            }
        }
        await().until(() -> gateway.server().openConnections() == 0);
        assertNothingIsHeld();
    }

    @Test
    void aCallerWhoseLargeUploadIsRefusedStillReadsTheAnswer() throws Exception {
        int bytes = 20 << 20;
        for (String key : new String[] {TestGateway.KEY, "a-wrong-key-of-the-caller"}) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                caller.send(HEAD.replace(TestGateway.KEY, key) + "content-length: " + bytes + "\r\n\r\n");
                caller.send(modelFirst(bytes));
                assertThat(caller.read().status()).isEqualTo(key.equals(TestGateway.KEY) ? 413 : 401);
                assertThat(caller.restUntilClose()).isEmpty();
            }
        }
    }

    @Test
    void theRestOfARefusedUploadIsNotReadForEver() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(HEAD + "content-length: 999999999\r\n\r\n{");
            assertThat(caller.read().status()).isEqualTo(413);
            assertThat(caller.restUntilClose()).isEmpty();
            await().until(() -> gateway.server().openConnections() == 0);
        }
    }

    @Test
    void theRestOfASmallRefusedRequestIsSkippedAndTheConnectionGoesOn() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            String refused = RawCaller.chatRequest(modelFirst(60_000)).replace(TestGateway.KEY, "wrong");
            caller.send(refused.substring(0, 1_000));
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.field("connection")).isEmpty();
            caller.send(refused.substring(1_000)).chat("{\"model\":\"gpt\"}");
            assertThat(caller.read().status()).isEqualTo(200);
        }
    }

    private static void assertNothingIsHeld() {
        await("what was held is let go").until(() -> gateway.server().heldBytes() == 0);
    }

    private static String modelFirst(int bytes) {
        String start = "{\"model\":\"gpt\",\"user\":\"";
        return start + "x".repeat(bytes - start.length() - 2) + "\"}";
    }

    private static String modelLast(int bytes) {
        String end = "\",\"model\":\"gpt\"}";
        String start = "{\"user\":\"";
        return start + "x".repeat(bytes - start.length() - end.length()) + end;
    }

    private static String chunks(String body) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); at += 10_000) {
            String part = body.substring(at, Math.min(body.length(), at + 10_000));
            chunks.append(Integer.toHexString(part.length()))
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }
}
