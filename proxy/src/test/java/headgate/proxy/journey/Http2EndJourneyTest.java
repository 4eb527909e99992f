package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** However a stream or its connection ends, nobody takes half an answer for a whole one, and nothing goes on unpaid for. */
class Http2EndJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\",\"stream\":true}";

    @Test
    void aCallerThatResetsItsStreamCancelsTheUpstreamCall() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    if (request.body().contains("\"stream\"")) {
                        call.beginEvents();
                        call.chunk("data: 1\n\n");
                        closed.set(call.awaitClosed(20_000));
                    } else {
                        call.json(200, "{}");
                    }
                });
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chat(1, BODY).readUntil(H2Caller.DATA);
            caller.reset(1, H2Caller.CANCEL);
            Awaitility.await().untilTrue(closed);
            assertThat(caller.chat(3, "{\"model\":\"gpt\"}").answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void aCallerThatResetsBeforeTheAnswerCancelsTheUpstreamCall() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start((request, call) -> closed.set(call.awaitClosed(20_000)));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chat(1, BODY);
            upstream.next();
            caller.reset(1, H2Caller.CANCEL);
            Awaitility.await().untilTrue(closed);
        }
    }

    @Test
    void aCallerThatClosesItsConnectionCancelsAllUpstreamCalls() throws Exception {
        CountDownLatch closed = new CountDownLatch(5);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    if (call.awaitClosed(20_000)) {
                        closed.countDown();
                    }
                });
                TestGateway gateway = TestGateway.inFrontOf(upstream)) {
            try (H2Caller caller = new H2Caller(gateway.port())) {
                for (int i = 0; i < 5; i++) {
                    caller.chat(2 * i + 1, BODY);
                    upstream.next();
                }
            }
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().until(() -> gateway.server().openConnections() == 0);
        }
    }

    @Test
    void anUpstreamThatBreaksOffIsAResetAndNeverAnEnd() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: 1\n\n");
                    call.socket().close();
                });
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            H2Caller.Answer answer = caller.chat(1, BODY).answer(1);
            assertThat(answer.whole).isFalse();
            assertThat(answer.reset).isEqualTo(H2Caller.INTERNAL_ERROR);
            assertThat(answer.text()).startsWith("data: 1\n\n").contains("\"error\"");
        }
    }

    @Test
    void stoppingSaysGoAwayAndLetsOpenStreamsEnd() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
            stopping.await(30, TimeUnit.SECONDS);
            call.json(200, "{}");
        })) {
            TestGateway gateway = TestGateway.inFrontOf(upstream);
            H2Caller caller = new H2Caller(gateway.port());
            caller.chat(1, BODY);
            upstream.next();
            AtomicBoolean drained = new AtomicBoolean();
            Thread stop = new Thread(() -> drained.set(gateway.server().stop(Duration.ofSeconds(30))));
            stop.start();
            assertThat(caller.readUntil(H2Caller.GOAWAY).error()).isEqualTo(H2Caller.NO_ERROR);
            stopping.countDown();
            assertThat(caller.answer(1).status()).isEqualTo("200");
            stop.join();
            assertThat(drained).isTrue();
            caller.close();
        }
    }

    @Test
    void aConnectionWithoutStreamsForLongIsClosedWithAGoAway() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream, "limits: { keepAliveIdle: 300ms }");
                H2Caller caller = new H2Caller(gateway.port())) {
            assertThat(caller.chat(1, BODY).answer(1).status()).isEqualTo("200");
            assertThat(caller.goAway()).isEqualTo(H2Caller.NO_ERROR);
        }
    }
}
