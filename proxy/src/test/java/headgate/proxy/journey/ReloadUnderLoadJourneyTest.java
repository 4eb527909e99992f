package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reload after reload, under open streams and a steady rate of requests: nobody is dropped, nobody gets another's answer, and
 * nothing is left behind.
 *
 * <p>Larger with {@code -Dheadgate.test.reloads=100 -Dheadgate.test.streams=2000 -Dheadgate.test.rate=1000}.
 */
class ReloadUnderLoadJourneyTest {
    private static final int RELOADS = Integer.getInteger("headgate.test.reloads", 20);
    private static final int STREAMS = Integer.getInteger("headgate.test.streams", 300);
    private static final int RATE = Integer.getInteger("headgate.test.rate", 200);
    private static final int ASKING = 20;
    private static final int WARM_UP = 5;

    private record Held(long directBytes, long threads, long files) {
        static Held now() throws IOException {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return new Held(
                        PlatformDependent.usedDirectMemory(),
                        Thread.getAllStackTraces().size(),
                        files.count());
            }
        }
    }

    @Test
    void nothingIsDroppedAndNothingIsLeftBehind(@TempDir Path directory) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (EventUpstream one = new EventUpstream(loops, 1000);
                EventUpstream two = new EventUpstream(loops, 1000);
                ReloadedGateway gateway = new ReloadedGateway(directory, yaml(one, 0))) {
            ManyCallers callers = new ManyCallers(loops, gateway.port());
            for (int i = 0; i < STREAMS; i++) {
                callers.stream("stream-" + i);
            }
            for (int i = 0; i < ASKING; i++) {
                callers.ask("asking-" + i, 1_000_000_000L * ASKING / RATE);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> callers.begun.get() == STREAMS);
            for (int i = 1; i <= WARM_UP; i++) {
                reload(gateway, callers, i % 2 == 0 ? one : two, i);
            }
            Held before = Held.now();
            for (int i = 1; i <= RELOADS; i++) {
                reload(gateway, callers, i % 2 == 0 ? two : one, WARM_UP + i);
            }
            Held after = Held.now();
            System.err.println("reloads " + RELOADS + ", streams " + callers.begun + ", answers " + callers.answers
                    + ", before " + before + ", after " + after);
            assertThat(callers.failures).isEmpty();
            assertThat(after.threads).as("threads").isLessThanOrEqualTo(before.threads + 2);
            assertThat(after.files)
                    .as("connections to the upstream that is in force come and go")
                    .isLessThanOrEqualTo(before.files + 4 * ASKING);
            assertThat(after.directBytes)
                    .as("chunks are as many as before, by a few")
                    .isLessThanOrEqualTo(before.directBytes + (16 << 20));
            one.endStreams();
            two.endStreams();
            callers.stop();
            await().atMost(Duration.ofSeconds(60)).until(() -> callers.ended.get() == STREAMS);
            await().atMost(Duration.ofSeconds(60)).until(() -> gateway.server.openConnections() == 0);
            assertThat(callers.failures).isEmpty();
            EventUpstream gone = RELOADS % 2 == 0 ? one : two;
            await().untilAsserted(() -> assertThat(gone.connections())
                    .as("to the upstream that is no longer in the file")
                    .isZero());
        } finally {
            loops.shutdownGracefully(0, 5, java.util.concurrent.TimeUnit.SECONDS)
                    .sync();
        }
    }

    /** Waits for some answers in between, so that each configuration is used. */
    private static void reload(ReloadedGateway gateway, ManyCallers callers, EventUpstream upstream, int turn)
            throws IOException {
        assertThat(gateway.reload(yaml(upstream, turn)).problems()).isEmpty();
        int seen = callers.answers.get();
        await().pollInterval(Duration.ofMillis(10)).until(() -> callers.answers.get() >= seen + ASKING);
    }

    private static String yaml(EventUpstream upstream, int turn) {
        return """
                limits: { connections: 20000, upstreamConnections: 8000, bodyBytes: %dKiB }
                rateLimits: { perPrincipal: { requestsPerMinute: %d } }
                deployments:
                  gpt: { upstreams: [{ url: "%s" }] }
                """.formatted(64 + turn, 1_000_000 + turn, upstream.url());
    }
}
