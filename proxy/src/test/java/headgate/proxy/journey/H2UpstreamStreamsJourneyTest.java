package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many exchanges on few connections: each with its own pace, its own end, and within the bounds of both sides. */
class H2UpstreamStreamsJourneyTest {
    private static final String ONE_LOOP = "transport: { eventLoops: 1 }\n";
    private static final int SLOW = 20;
    private static final int ANSWER_BYTES = 20 << 20;

    @Test
    void aBurstAtTheStartUsesOneConnection() throws Exception {
        try (H2Pair pair = H2Pair.tls(call -> call.head(200));
                Callers callers = new Callers(pair, 50)) {
            List<H2Call> calls = callers.allAsk();
            assertThat(pair.upstream.connections()).isLessThanOrEqualTo(loops());
            for (H2Call call : calls) {
                call.data("done").end();
            }
            callers.allRead("done");
        }
    }

    @Test
    void aConnectionTakesAsManyStreamsAsTheConfigurationSays() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.head(200), ONE_LOOP + "limits: { upstreamStreams: 2 }");
                Callers callers = new Callers(pair, 5)) {
            callers.allAsk().forEach(call -> call.data("done").end());
            callers.allRead("done");
            assertThat(pair.upstream.connections()).isEqualTo(3);
        }
    }

    @Test
    void aConnectionTakesNoMoreStreamsThanTheUpstreamAllows() throws Exception {
        ScriptedH2Upstream upstream = new ScriptedH2Upstream(
                call -> call.head(200), Http2Settings.defaultSettings().maxConcurrentStreams(2), null);
        try (H2Pair pair = H2Pair.plain(upstream, ONE_LOOP + "limits: { upstreamConnections: 1 }");
                Callers callers = new Callers(pair, 3)) {
            callers.ask(0);
            callers.ask(1);
            callers.ask(2);
            H2Call first = upstream.next();
            upstream.next();
            Thread.sleep(200);
            assertThat(upstream.waiting()).as("the third waits").isZero();
            first.data("done").end();
            upstream.next().data("done").end();
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void anUpstreamThatAllowsNoStreamsIsNotCalled() throws Exception {
        ScriptedH2Upstream upstream = new ScriptedH2Upstream(
                call -> call.json(200, "{}"), Http2Settings.defaultSettings().maxConcurrentStreams(0), null);
        try (H2Pair pair = H2Pair.plain(upstream)) {
            assertThat(pair.ask().status()).isEqualTo(502);
        }
    }

    @Test
    void aCallerThatLeavesCancelsItsStreamOnly() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.head(200), ONE_LOOP);
                Callers callers = new Callers(pair, 2)) {
            callers.ask(0);
            H2Call stays = pair.upstream.next();
            callers.ask(1);
            pair.upstream.next();
            callers.all.get(1).close();
            assertThat(pair.upstream.nextReset()).isEqualTo(Http2Error.CANCEL.code());
            stays.data("done").end();
            callers.all.get(0).readHead();
            assertThat(callers.all.get(0).readChunk()).isEqualTo("done");
            assertThat(pair.upstream.connections()).isEqualTo(1);
            assertThat(pair.upstream.open()).isEqualTo(1);
        }
    }

    @Test
    void callersThatDoNotReadHoldTheirOwnStreamsOnly() throws Exception {
        byte[] large = new byte[ANSWER_BYTES];
        try (H2Pair pair = H2Pair.plain(
                        call -> {
                            call.head(200, "content-length", Integer.toString(large.length));
                            call.data(large).end();
                        },
                        ONE_LOOP + "limits: { upstreamStreams: " + (SLOW + 1) + " }");
                Callers callers = new Callers(pair, SLOW)) {
            assertThat(pair.ask().status()).isEqualTo(200);
            long before = allocated();
            for (RawCaller caller : callers.all) {
                caller.chat(BODY).readHead();
            }
            Thread.sleep(500);
            assertThat(pair.ask().body()).as("who reads is answered whole").hasSize(ANSWER_BYTES);
            assertThat(pair.upstream.connections()).isEqualTo(1);
            long buffers = allocated() - before;
            System.out.printf("%d callers that do not read over HTTP/2: %.1f MB of buffers%n", SLOW, buffers / 1e6);
            assertThat(buffers).isLessThan(128 << 20);
            assertThat(callers.all.get(0).readBytes(ANSWER_BYTES))
                    .as("whoever reads again gets all of it")
                    .hasSize(ANSWER_BYTES);
        }
    }

    @Test
    void aConnectionThatIsIdleForLongIsClosed() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.json(200, "{}"), "limits: { upstreamIdle: 100ms }")) {
            assertThat(pair.ask().status()).isEqualTo(200);
            await().until(() -> pair.upstream.open() == 0);
            assertThat(pair.ask().status()).isEqualTo(200);
        }
    }

    @Test
    void aSilentUpstreamThatAnswersPingsIsWaitedFor() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.head(200), "limits: { upstreamPing: 100ms }")) {
            pair.caller.chat(BODY).readHead();
            Thread.sleep(4000);
            pair.upstream.next().data("late").end();
            assertThat(pair.caller.readChunk()).isEqualTo("late");
        }
    }

    @Test
    void anUpstreamThatIsSilentEvenToPingsIsGivenUp() throws Exception {
        ScriptedH2Upstream upstream = new ScriptedH2Upstream(call -> call.head(200));
        upstream.answersPings = false;
        try (H2Pair pair = H2Pair.plain(upstream, "limits: { upstreamPing: 100ms }")) {
            pair.caller.chat(BODY).readHead();
            assertThat(pair.caller.closedWithin(30_000)).isTrue();
        }
    }

    private static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static long allocated() throws IOException {
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        }
        throw new IOException("the allocator does not tell what it uses");
    }

    /** Callers that ask at the same time. */
    private static final class Callers implements AutoCloseable {
        final List<RawCaller> all = new ArrayList<>();
        private final H2Pair pair;

        Callers(H2Pair pair, int count) throws IOException {
            this.pair = pair;
            for (int i = 0; i < count; i++) {
                all.add(new RawCaller(pair.gateway.port()));
            }
        }

        void ask(int i) throws IOException {
            all.get(i).chat(BODY);
        }

        /** Everyone asks, before anyone is answered. */
        List<H2Call> allAsk() throws Exception {
            for (int i = 0; i < all.size(); i++) {
                ask(i);
            }
            List<H2Call> calls = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                calls.add(pair.upstream.next());
            }
            return calls;
        }

        void allRead(String body) throws IOException {
            for (RawCaller caller : all) {
                assertThat(caller.read().body()).isEqualTo(body);
            }
        }

        @Override
        public void close() throws IOException {
            for (RawCaller caller : all) {
                caller.close();
            }
        }
    }
}
