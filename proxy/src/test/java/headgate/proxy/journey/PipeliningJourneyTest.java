package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection carries one request after the other, also when they are sent ahead; answers come in their order. */
class PipeliningJourneyTest {
    /** Answers with the body that came, so that an answer shows whose it is. */
    private static final ScriptedUpstream.Script ECHO = (request, call) -> call.json(200, request.body());

    @Test
    void aConnectionGoesOnFromRequestToRequest() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            for (int i = 0; i < 5; i++) {
                RawCaller.Answer answer = caller.chat(question(i)).read();
                assertThat(answer.body()).isEqualTo(forwarded(i));
                assertThat(answer.field("connection")).isEmpty();
            }
            assertThat(upstream.connections())
                    .as("the upstream's connection is used again")
                    .isEqualTo(1);
        }
    }

    @Test
    void manyRequestsInOneSegmentAreAnsweredInOrderThoughTheFirstIsSlow() throws Exception {
        CountDownLatch othersSent = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        ScriptedUpstream.Script slowFirst = (request, call) -> {
            if (calls.getAndIncrement() == 0) {
                othersSent.await(30, TimeUnit.SECONDS);
            }
            call.json(200, request.body());
        };
        try (ScriptedUpstream upstream = ScriptedUpstream.start(slowFirst);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                requests.append(i % 2 == 0 ? RawCaller.chatRequest(question(i)) : chunkedRequest(question(i)));
            }
            caller.send(requests.toString());
            assertThat(upstream.next().body()).isEqualTo(forwarded(0));
            assertThat(upstream.waiting())
                    .as("the second waits until the first is answered")
                    .isZero();
            othersSent.countDown();
            for (int i = 0; i < 100; i++) {
                assertThat(caller.read().body()).isEqualTo(forwarded(i));
            }
        }
    }

    @Test
    void aRefusedRequestIsAnsweredInItsPlaceAndTheOthersGoOn() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            String refused = RawCaller.chatRequest(question(1));
            caller.send(RawCaller.chatRequest(question(0))
                    + refused.replace(TestGateway.KEY, "a-wrong-key-of-the-caller")
                    + refused.replace("/chat/completions", "/no/such/thing")
                    + RawCaller.chatRequest("{\"model\":\"gpt\",]}")
                    + "GET /openai/v1/models HTTP/1.1\r\nhost: g\r\napi-key: " + TestGateway.KEY + "\r\n\r\n"
                    + "OPTIONS * HTTP/1.1\r\nhost: g\r\n\r\n"
                    + RawCaller.chatRequest(question(2)));
            assertThat(caller.read().body()).isEqualTo(forwarded(0));
            assertThat(caller.read().status()).isEqualTo(401);
            assertThat(caller.read().status()).isEqualTo(404);
            assertThat(caller.read().status()).isEqualTo(400);
            assertThat(caller.read().body()).contains("\"id\":\"gpt\"");
            assertThat(caller.read().status()).isEqualTo(204);
            assertThat(caller.read().body()).isEqualTo(forwarded(2));
            upstream.next();
            upstream.next();
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void aCallerThatSendsFarAheadIsNotReadUntilItsTurnComes() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        ScriptedUpstream.Script held = (request, call) -> {
            released.await(20, TimeUnit.SECONDS);
            call.json(200, "{\"length\":" + request.body().length() + "}");
        };
        int count = 400;
        byte[] request = RawCaller.chatRequest("{\"model\":\"gpt\",\"prompt\":\"" + "x".repeat(100_000) + "\"}")
                .getBytes(StandardCharsets.ISO_8859_1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(held);
                TestGateway gateway = TestGateway.inFrontOf(upstream, "limits: { pipelinedBytes: 64KiB }");
                RawCaller caller = new RawCaller(gateway.port())) {
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    OutputStream out = caller.socket().getOutputStream();
                    for (int i = 0; i < count; i++) {
                        out.write(request);
                        sent.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            upstream.next();
            int before;
            do {
                before = sent.get();
                TimeUnit.MILLISECONDS.sleep(300);
            } while (sent.get() > before);
            assertThat(sent.get()).as("the sockets' buffers are full").isLessThan(count);
            released.countDown();
            for (int i = 0; i < count; i++) {
                assertThat(caller.read().body()).isEqualTo("{\"length\":100038}");
            }
            assertThat(upstream.connections()).isEqualTo(1);
            sending.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestMayComeByteByByte(boolean chunked) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            String request = chunked ? chunkedRequest(question(7)) : RawCaller.chatRequest(question(7));
            for (char c : (request + request).toCharArray()) {
                caller.send(String.valueOf(c));
            }
            assertThat(caller.read().body()).isEqualTo(forwarded(7));
            assertThat(caller.read().body()).isEqualTo(forwarded(7));
        }
    }

    @Test
    void theFirstLetterMayComeAlone() throws Exception {
        String requests = chunkedRequest(question(1)) + chunkedRequest(question(2));
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(requests.substring(0, 1));
            Thread.sleep(100); // So that it is read before the rest: what begins like this may still be HTTP/2.
            caller.send(requests.substring(1));
            assertThat(caller.read().body()).isEqualTo(forwarded(1));
            assertThat(caller.read().body()).isEqualTo(forwarded(2));
        }
    }

    @Test
    void twoRequestsMayBeSplitAnywhere() throws Exception {
        String requests = RawCaller.chatRequest(question(1)) + chunkedRequest(question(2));
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            for (int split = 1; split < requests.length(); split++) {
                caller.send(requests.substring(0, split)).send(requests.substring(split));
                assertThat(caller.read().body()).as("split at " + split).isEqualTo(forwarded(1));
                assertThat(caller.read().body()).as("split at " + split).isEqualTo(forwarded(2));
            }
        }
    }

    @Test
    void aCallerThatAsksToCloseIsAnsweredAndWhatItSentBehindIsNot() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(RawCaller.chatRequest(question(1), "Connection: x-mine, CLOSE", "x-mine: 1")
                    + RawCaller.chatRequest(question(2)));
            RawCaller.Answer answer = caller.read();
            assertThat(answer.body()).isEqualTo(forwarded(1));
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(caller.restUntilClose()).isEmpty();
            assertThat(upstream.next().head())
                    .as("what belongs to one connection stays there")
                    .doesNotContain("x-mine");
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void aCallerOfHttp10IsAnsweredWithoutChunksAndNotKept() throws Exception {
        ScriptedUpstream.Script chunks = (request, call) -> {
            call.beginEvents();
            call.chunk("data: 1\n\n");
            call.chunk("data: 2\n\n");
            call.endChunks();
        };
        try (ScriptedUpstream upstream = ScriptedUpstream.start(chunks);
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(RawCaller.chatRequest(question(1)).replace("HTTP/1.1", "HTTP/1.0"));
            RawCaller.Answer answer = caller.read();
            assertThat(answer.field("transfer-encoding")).isEmpty();
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.body()).isEqualTo("data: 1\n\ndata: 2\n\n");
        }
    }

    private static String question(int i) {
        return "{\"model\":\"gpt\",\"id\":" + i + "}";
    }

    private static String forwarded(int i) {
        return "{\"model\":\"upstream-model\",\"id\":" + i + "}";
    }

    /** The same in two chunks. */
    private static String chunkedRequest(String body) {
        String sized = RawCaller.chatRequest(body);
        String head = sized.substring(0, sized.indexOf("content-length"));
        return head + "transfer-encoding: chunked\r\n\r\n5\r\n" + body.substring(0, 5) + "\r\n"
                + Integer.toHexString(body.length() - 5) + "\r\n" + body.substring(5) + "\r\n0\r\n\r\n";
    }
}
