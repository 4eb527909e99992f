package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Callers that do not read: their upstreams wait, and what was read for them stays small. */
class SlowReaderJourneyTest {
    private static final int ANSWER_BYTES = 50 << 20;
    private static final int CALLERS = 100;

    @Test
    void aHundredCallersThatDoNotReadCostLessThanTheBound() throws Exception {
        AtomicLong taken = new AtomicLong();
        byte[] part = new byte[64 * 1024];
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\ncontent-length: " + ANSWER_BYTES + "\r\n\r\n");
            for (int sent = 0; sent < ANSWER_BYTES; sent += part.length) {
                call.out().write(part);
                taken.addAndGet(part.length);
            }
        })) {
            pair.caller.chat(BODY).readHead();
            settle(taken);
            long before = allocated();
            long heapBefore = heap();
            List<RawCaller> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(new RawCaller(pair.gateway.port()).chat(BODY));
            }
            settle(taken);
            assertThat(taken.get()).as("the upstreams were paused").isLessThan((long) CALLERS * ANSWER_BYTES / 2);
            long buffers = allocated() - before;
            long heap = heap() - heapBefore;
            System.out.printf(
                    "%d callers that do not read: %.1f MB of buffers, %.1f MB of heap, %.1f MB left the upstreams%n",
                    CALLERS, buffers / 1e6, heap / 1e6, taken.get() / 1e6);
            assertThat(buffers + Math.max(0, heap)).isLessThan(64 << 20);
            RawCaller reads = callers.get(0);
            reads.readHead();
            assertThat(reads.readBytes(ANSWER_BYTES))
                    .as("whoever reads again gets all of it")
                    .hasSize(ANSWER_BYTES);
            for (RawCaller caller : callers) {
                caller.close();
            }
        }
    }

    @Test
    void aHundredStreamsOfOneConnectionThatAreNotReadCostLessThanTheBound() throws Exception {
        AtomicLong taken = new AtomicLong();
        byte[] part = new byte[64 * 1024];
        try (Pair pair = new Pair((request, call) -> {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: " + ANSWER_BYTES + "\r\n\r\n");
                    for (int sent = 0; sent < ANSWER_BYTES; sent += part.length) {
                        call.out().write(part);
                        taken.addAndGet(part.length);
                    }
                });
                H2Caller caller = new H2Caller(pair.gateway.port())) {
            pair.caller.chat(BODY).readHead();
            settle(taken);
            long before = allocated();
            for (int stream = 1; stream < 2 * CALLERS; stream += 2) {
                caller.chat(stream, BODY);
            }
            settle(taken);
            assertThat(taken.get()).as("the upstreams were paused").isLessThan((long) CALLERS * ANSWER_BYTES / 2);
            long buffers = allocated() - before;
            System.out.printf(
                    "%d streams that are not read: %.1f MB of buffers, %.1f MB left the upstreams%n",
                    CALLERS, buffers / 1e6, taken.get() / 1e6);
            assertThat(buffers).isLessThan(64 << 20);
        }
    }

    @Test
    void aSlowCallerIsNotCutForTheIdleTimeOfTheUpstream() throws Exception {
        byte[] answer = new byte[20 << 20];
        try (Upstreams one = new Upstreams("timeouts: { idle: 200ms },", List.of("weight: 1"), (request, call) -> {
            call.send("HTTP/1.1 200 OK\r\ncontent-length: " + answer.length + "\r\n\r\n");
            call.out().write(answer);
        })) {
            one.caller.chat(BODY).readHead();
            Thread.sleep(800);
            assertThat(one.caller.readBytes(answer.length)).hasSize(answer.length);
        }
    }

    /** Waits until the upstreams get rid of nothing more for half a second. */
    private static void settle(AtomicLong taken) throws InterruptedException {
        long before;
        do {
            before = taken.get();
            Thread.sleep(500);
        } while (before != taken.get());
    }

    private static long allocated() throws IOException {
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        }
        throw new IOException("the allocator does not tell what it uses");
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
