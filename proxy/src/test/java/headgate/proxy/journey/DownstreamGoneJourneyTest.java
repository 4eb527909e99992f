package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller that leaves cancels the upstream's work, at whatever moment it leaves and however. */
class DownstreamGoneJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\",\"messages\":[]}";
    private static final String STREAM = "{\"model\":\"gpt\",\"messages\":[],\"stream\":true}";

    /** How a caller leaves. */
    enum Leaving {
        FIN,
        RST
    }

    private final CountDownLatch closed = new CountDownLatch(1);

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void beforeTheFirstToken(Leaving leaving) throws Exception {
        try (Pair pair = new Pair((request, call) -> noteClose(call))) {
            pair.caller.chat(STREAM);
            pair.upstream.next();
            leaveAndExpectCancel(pair, leaving);
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void inTheMiddleOfAStream(Leaving leaving) throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            call.chunk("data: 1\n\n");
            noteClose(call);
        })) {
            pair.caller.chat(STREAM).readHead();
            pair.caller.readChunk();
            leaveAndExpectCancel(pair, leaving);
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void whileAnAnswerThatDoesNotStreamIsThoughtAbout(Leaving leaving) throws Exception {
        try (Pair pair = new Pair((request, call) -> noteClose(call))) {
            pair.caller.chat(BODY);
            pair.upstream.next();
            leaveAndExpectCancel(pair, leaving);
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void whileTheAnswerIsPausedBecauseTheCallerDoesNotRead(Leaving leaving) throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n");
            byte[] much = new byte[1 << 20];
            try {
                for (int i = 0; i < 95; i++) {
                    call.out().write(much);
                }
            } catch (IOException e) {
                closed.countDown();
            }
        })) {
            pair.caller.chat(BODY).readHead();
            Thread.sleep(300);
            leaveAndExpectCancel(pair, leaving);
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void whileTheUploadIsPausedBecauseTheUpstreamDoesNotRead(Leaving leaving) throws Exception {
        try (StalledUpstream upstream = new StalledUpstream();
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.port() + "\" }] }");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(new Upload(caller, 64 << 20).awaitPaused())
                    .as("the caller was paused")
                    .isLessThan(64 << 20);
            leave(caller, leaving);
            upstream.awaitClosed();
            await().untilAsserted(() -> assertThat(gateway.server().heldBytes()).isZero());
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void withMoreSentAheadThanIsRead(Leaving leaving) throws Exception {
        try (Pair pair = new Pair((request, call) -> noteClose(call))) {
            pair.caller.chat(BODY);
            pair.upstream.next();
            pair.caller.send(RawCaller.chatRequest("{\"prompt\":\"" + "x".repeat(120_000) + "\"}"));
            Thread.sleep(300);
            leaveAndExpectCancel(pair, leaving);
        }
    }

    @Test
    void whileTheBodyIsStillComing() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.json(200, "{}"))) {
            pair.caller.send("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: a\r\napi-key: " + TestGateway.KEY
                    + "\r\ncontent-length: 900000\r\n\r\n{\"messages\":\"" + "x".repeat(500_000));
            await().until(() -> pair.gateway.server().heldBytes() > 0);
            pair.caller.close();
            await().untilAsserted(
                            () -> assertThat(pair.gateway.server().heldBytes()).isZero());
            assertThat(pair.upstream.connections())
                    .as("nothing was asked of the upstream")
                    .isZero();
        }
    }

    /** No limit of the gateway ends a call so early: who waits for an answer waits for minutes. */
    private void leaveAndExpectCancel(Pair pair, Leaving leaving) throws Exception {
        leave(pair.caller, leaving);
        assertThat(closed.await(30, TimeUnit.SECONDS))
                .as("the upstream's connection closes, since its work is paid for")
                .isTrue();
        await().untilAsserted(
                        () -> assertThat(pair.gateway.server().heldBytes()).isZero());
    }

    static void leave(RawCaller caller, Leaving leaving) throws IOException {
        if (leaving == Leaving.RST) {
            caller.socket().setSoLinger(true, 0);
        }
        caller.close();
    }

    private void noteClose(ScriptedUpstream.Call call) throws IOException {
        if (call.awaitClosed(30_000)) {
            closed.countDown();
        }
    }
}
