package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bodies above the bound on held ones stream: with backpressure, spliced exactly, and never whole before they are valid. */
class LargeBodyJourneyTest {
    private static final String SMALL_BOUND = "limits: { heldBytes: 1KiB }\n";

    @Test
    void aHeldBodyThatFillsTheSocketIsSentOnceAndTheConnectionStaysInStep() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.json(200, "{}"))) {
            for (int i = 1; i <= 20; i++) {
                String text = Integer.toString(i % 10).repeat(i * 40_000);
                assertThat(pair.caller
                                .chat("{\"model\":\"gpt\",\"prompt\":\"" + text + "\"}")
                                .read()
                                .status())
                        .isEqualTo(200);
                assertThat(pair.upstream.next().body()).endsWith(",\"prompt\":\"" + text + "\"}");
            }
            assertThat(pair.upstream.connections()).isEqualTo(1);
            assertThat(pair.upstream.waiting()).as("nothing was sent twice").isZero();
        }
    }

    @Test
    void anUpstreamThatDoesNotReadPausesTheCaller() throws Exception {
        try (StalledUpstream upstream = new StalledUpstream();
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.port() + "\" }] }");
                RawCaller caller = new RawCaller(gateway.port())) {
            int length = 50 << 20;
            Upload upload = new Upload(caller, length);
            int sent = upload.awaitPaused();
            assertThat(sent).as("the caller was paused").isLessThan(length);
            assertThat(gateway.server().heldBytes())
                    .as("and what came meanwhile is bounded")
                    .isLessThan(2 << 20);
            CompletableFuture<Integer> read = CompletableFuture.supplyAsync(upstream::readAndAnswer);
            assertThat(caller.read().status())
                    .as("and it goes on when the upstream reads")
                    .isEqualTo(200);
            assertThat(read.get(30, TimeUnit.SECONDS)).isGreaterThan(length);
        }
    }

    @Test
    void theUpstreamNeverSeesTheEndOfADocumentThatIsNotValid() throws Exception {
        AtomicInteger whole = new AtomicInteger();
        try (Pair pair = new Pair((request, call) -> whole.incrementAndGet())) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(5 << 20) + "\"]";
            RawCaller.Answer answer = pair.caller.chat(body).read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("at byte " + (body.length() - 1));
            await().until(() -> pair.gateway.server().heldBytes() == 0);
            assertThat(pair.upstream.connections())
                    .as("it was streaming already")
                    .isEqualTo(1);
            assertThat(pair.upstream.awaitAllClosed()).isTrue();
            assertThat(whole).as("the connection closed before the body's end").hasValue(0);
        }
    }

    @Test
    void theLastByteIsWithheldUntilTheBodysEndHasCome() throws Exception {
        AtomicInteger whole = new AtomicInteger();
        try (Pair pair = new Pair(
                (request, call) -> {
                    whole.incrementAndGet();
                    call.json(200, "{}");
                },
                SMALL_BOUND)) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(100_000) + "\"}";
            pair.caller.send("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: a\r\napi-key: " + TestGateway.KEY
                    + "\r\ntransfer-encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                    + "\r\n");
            await().until(() -> pair.upstream.connections() == 1);
            Thread.sleep(100);
            assertThat(whole).as("more bytes could still come").hasValue(0);
            assertThat(pair.caller.send("0\r\n\r\n").read().status()).isEqualTo(200);
            assertThat(pair.upstream.next().body()).isEqualTo(body.replaceFirst("gpt", "upstream-model"));
        }
    }

    @Test
    void aBodyWithItsModelAtTheEndIsHeldUntilThen() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.json(200, "{}"))) {
            String body = "{\"messages\":\"" + "x".repeat(5 << 20) + "\",\"model\":\"gpt\"}";
            assertThat(pair.caller.chat(body).read().status()).isEqualTo(200);
            ScriptedUpstream.Request request = pair.upstream.next();
            assertThat(request.body().equals(body.replace("gpt", "upstream-model")))
                    .isTrue();
            assertThat(request.field("transfer-encoding")).isEqualTo("chunked");
            assertThat(pair.gateway.server().heldBytes()).isZero();
        }
    }

    @Test
    void twoModelsAreRefusedHoweverFarApart() throws Exception {
        AtomicInteger whole = new AtomicInteger();
        try (Pair pair = new Pair((request, call) -> whole.incrementAndGet())) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(5 << 20) + "\",\"model\":\"gpt\"}";
            assertThat(pair.caller.chat(body).read().status()).isEqualTo(400);
            assertThat(pair.upstream.awaitAllClosed()).isTrue();
            assertThat(whole).hasValue(0);
        }
    }

    @Test
    void whatDoesNotFitIntoTheBoundOnHeldBytesIsRefusedAndCanBeTriedAgain() throws Exception {
        String bound = "limits: { heldBytes: 64KiB, heldBytesPerExchange: 512KiB, heldBytesTotal: 512KiB }\n";
        try (Pair pair = new Pair((request, call) -> call.json(200, "{}"), bound);
                RawCaller second = new RawCaller(pair.gateway.port())) {
            String start = "{\"messages\":\"" + "x".repeat(400_000);
            String end = "\",\"model\":\"gpt\"}";
            String request = RawCaller.chatRequest(start + end);
            pair.caller.send(request.substring(0, request.length() - end.length()));
            await().until(() -> pair.gateway.server().heldBytes() >= 400_000);
            RawCaller.Answer refused = second.chat(start + end).read();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(pair.caller.send(end).read().status()).isEqualTo(200);
            try (RawCaller third = new RawCaller(pair.gateway.port())) {
                assertThat(third.chat(start + end).read().status())
                        .as("there is room again")
                        .isEqualTo(200);
            }
            assertThat(pair.gateway.server().heldBytes()).isZero();
        }
    }

    @Test
    void whatIsLongerThanOneExchangeMayHoldIsTooLarge() throws Exception {
        String bound = "limits: { heldBytes: 64KiB, heldBytesPerExchange: 256KiB }\n";
        try (Pair pair = new Pair((request, call) -> call.json(200, "{}"), bound)) {
            String body = "{\"messages\":\"" + "x".repeat(300_000) + "\",\"model\":\"gpt\"}";
            assertThat(pair.caller.chat(body).read().status()).isEqualTo(413);
            assertThat(pair.gateway.server().heldBytes()).isZero();
        }
    }

    @Test
    void aStreamedBodyIsSplicedTheSameWhereverItIsSplit() throws Exception {
        String body = "{ \"messages\" : [ \"" + "x".repeat(1100)
                + "\" ],\t\"mod\\u0065l\" :\"gpt\" , \"stream\":true,\r\n\"stream_options\": {\"a\":1 } } ";
        String expected =
                body.replace("\"gpt\"", "\"upstream-model\"").replace("{\"a\"", "{\"include_usage\":true,\"a\"");
        try (Pair pair = new Pair((request, call) -> call.json(200, "{}"), SMALL_BOUND)) {
            String request = RawCaller.chatRequest(body);
            int bodyStart = request.length() - body.length();
            for (int split = 1; split < body.length(); split += split > 3 && split < 1100 ? 97 : 1) {
                pair.caller.send(request.substring(0, bodyStart + split));
                Thread.sleep(1);
                assertThat(pair.caller
                                .send(request.substring(bodyStart + split))
                                .read()
                                .status())
                        .as("split at " + split)
                        .isEqualTo(200);
                assertThat(pair.upstream.next().body()).as("split at " + split).isEqualTo(expected);
            }
        }
    }
}
