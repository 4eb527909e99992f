package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to an upstream: used again when they are in step, bounded in number, closed when in doubt. */
class UpstreamPoolJourneyTest {
    private static final ScriptedUpstream.Script GOOD = (request, call) -> call.json(200, "{}");
    private static final String ONE_LOOP = "transport: { eventLoops: 1 }\n";

    @Test
    void exchangesOneAfterTheOtherUseOneConnection() throws Exception {
        try (Pair pair = new Pair(GOOD, ONE_LOOP)) {
            for (int i = 0; i < 10; i++) {
                assertThat(pair.caller.chat(BODY).read().status()).isEqualTo(200);
            }
            try (RawCaller other = new RawCaller(pair.gateway.port())) {
                assertThat(other.chat(BODY).read().status()).isEqualTo(200);
            }
            assertThat(pair.upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void pipelinedExchangesUseOneConnection() throws Exception {
        try (Pair pair = new Pair(GOOD, ONE_LOOP)) {
            pair.caller.send(RawCaller.chatRequest(BODY).repeat(10));
            for (int i = 0; i < 10; i++) {
                assertThat(pair.caller.read().status()).isEqualTo(200);
            }
            assertThat(pair.upstream.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nConnection: x, Close\r\n\r\nok",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok!",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n\r\n",
                "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok"
            })
    void aConnectionInDoubtIsNotUsedAgain(String answer) throws Exception {
        try (Pair pair = new Pair((request, call) -> call.send(answer), ONE_LOOP)) {
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo("ok");
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo("ok");
            assertThat(pair.upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void bytesThatNobodyAskedForCloseAKeptConnection() throws Exception {
        Semaphore answered = new Semaphore(0);
        try (Pair pair = new Pair(
                (request, call) -> {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
                    answered.acquire();
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong");
                },
                ONE_LOOP)) {
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo("ok");
            answered.release();
            assertThat(pair.upstream.awaitAllClosed()).isTrue();
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerBeforeTheRequestWasWholeIsRelayedAndItsConnectionClosed() throws Exception {
        try (EarlyUpstream upstream = new EarlyUpstream("HTTP/1.1 413 No\r\ncontent-length: 2\r\n\r\nno");
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.port() + "\" }] }", ONE_LOOP);
                RawCaller caller = new RawCaller(gateway.port())) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(3 << 20) + "\"}";
            caller.send(RawCaller.chatRequest(body).substring(0, 2 << 20));
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("no");
            assertThat(upstream.awaitClosed()).isTrue();
            await().untilAsserted(() -> assertThat(gateway.server().heldBytes()).isZero());
        }
    }

    @Test
    void aRequestGoesOnBehindTheBeginningOfItsAnswer() throws Exception {
        try (EarlyUpstream upstream =
                        new EarlyUpstream("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.port() + "\" }] }", ONE_LOOP);
                RawCaller caller = new RawCaller(gateway.port())) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(3 << 20) + "\"}";
            String request = RawCaller.chatRequest(body);
            caller.send(request.substring(0, 2 << 20));
            caller.readHead();
            assertThat(caller.readChunk()).isEqualTo("first");
            caller.send(request.substring(2 << 20));
            upstream.readToLastChunk();
            upstream.send("4\r\nlast\r\n0\r\n\r\n");
            assertThat(caller.readChunk()).isEqualTo("last");
            assertThat(caller.readChunk()).isEmpty();
        }
    }

    @Test
    void connectionsAreBoundAndWhatWaitsIsToo() throws Exception {
        Semaphore go = new Semaphore(0);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger workingMax = new AtomicInteger();
        try (Pair pair = new Pair(
                (request, call) -> {
                    workingMax.accumulateAndGet(working.incrementAndGet(), Math::max);
                    go.acquire();
                    working.decrementAndGet();
                    call.json(200, "{}");
                },
                ONE_LOOP + "limits: { upstreamConnections: 2, upstreamPending: 3 }\n")) {
            List<RawCaller> callers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawCaller caller = new RawCaller(pair.gateway.port());
                callers.add(chatAndAwaitHeld(pair, caller));
                int open = Math.min(2, i + 1);
                await().until(() -> working.get() == open);
            }
            RawCaller.Answer refused = pair.caller.chat(BODY).read();
            assertThat(refused.status()).as("two work, three wait").isEqualTo(503);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            go.release(5);
            for (RawCaller caller : callers) {
                assertThat(caller.read().status()).isEqualTo(200);
                caller.close();
            }
            assertThat(workingMax).hasValue(2);
            assertThat(pair.upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void whoeverWaitsAndLeavesTakesNoConnection() throws Exception {
        Semaphore go = new Semaphore(0);
        try (Pair pair = new Pair(
                (request, call) -> {
                    go.acquire();
                    call.json(200, "{}");
                },
                ONE_LOOP + "limits: { upstreamConnections: 1 }\n")) {
            pair.caller.chat(BODY);
            pair.upstream.next();
            RawCaller leaving = chatAndAwaitHeld(pair, new RawCaller(pair.gateway.port()));
            RawCaller staying = chatAndAwaitHeld(pair, new RawCaller(pair.gateway.port()));
            long all = pair.gateway.server().heldBytes();
            leaving.close();
            await().until(() -> pair.gateway.server().heldBytes() < all);
            go.release(2);
            assertThat(pair.caller.read().status()).isEqualTo(200);
            assertThat(staying.read().status()).isEqualTo(200);
            staying.close();
            assertThat(pair.upstream.waiting()).as("requests behind the first").isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatIsIdleForLongIsClosed() throws Exception {
        try (Pair pair = new Pair(GOOD, ONE_LOOP + "limits: { upstreamIdle: 200ms }\n")) {
            pair.caller.chat(BODY).read();
            assertThat(pair.upstream.awaitAllClosed()).isTrue();
            assertThat(pair.caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(pair.upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void connectFailuresDoNotLoosenTheBound() throws Exception {
        Semaphore go = new Semaphore(0);
        TestAuthority authority = new TestAuthority("another.example");
        try (ScriptedUpstream upstream = authority.start((request, call) -> {
                    go.acquire();
                    call.json(200, "{}");
                });
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"https://localhost:" + upstream.port() + "\", ca: \"" + authority.file()
                                + "\" }] }",
                        ONE_LOOP + "limits: { upstreamConnections: 1 }\n");
                RawCaller caller = new RawCaller(gateway.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(caller.chat(BODY).read().status()).isEqualTo(502);
            }
            authority.useHost("localhost");
            RawCaller first = new RawCaller(gateway.port()).chat(BODY);
            RawCaller second = new RawCaller(gateway.port()).chat(BODY);
            await().until(() -> upstream.waiting() == 1);
            Thread.sleep(300);
            assertThat(upstream.waiting()).as("one connection at a time").isEqualTo(1);
            go.release(2);
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(second.read().status()).isEqualTo(200);
            first.close();
            second.close();
        }
    }

    /** Asks, and waits until the gateway has it: a request is held until its answer begins, for it may be sent again. */
    private static RawCaller chatAndAwaitHeld(Pair pair, RawCaller caller) throws IOException {
        long before = pair.gateway.server().heldBytes();
        caller.chat(BODY);
        await().until(() -> pair.gateway.server().heldBytes() > before);
        return caller;
    }

    @Test
    void anAnswerCutInTheMiddleIsNeverFollowedByAnother() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Pair pair = new Pair(
                (request, call) -> {
                    if (requests.incrementAndGet() == 1) {
                        call.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                        call.socket().close();
                    } else {
                        call.json(200, "{}");
                    }
                },
                ONE_LOOP)) {
            assertThatThrownBy(() -> pair.caller.chat(BODY).read()).isInstanceOf(IOException.class);
            try (RawCaller other = new RawCaller(pair.gateway.port())) {
                assertThat(other.chat(BODY).read().body()).isEqualTo("{}");
            }
        }
    }
}
