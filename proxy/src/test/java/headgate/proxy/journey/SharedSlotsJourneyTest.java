package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several gateways let no more exchanges be in progress than the limit, by what the upstream has in progress. */
class SharedSlotsJourneyTest {
    private static final int LIMIT = 6;
    private static final String CHAT = LimitedGateway.chat(4, "");

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void noMoreAreInProgressAtAllThanTheLimitAndItIsUsedUp() throws Exception {
        try (RedisServer redis = new RedisServer();
                ScriptedUpstream upstream = slow();
                TestGateway first = TestGateway.start(yaml(redis, upstream));
                TestGateway second = TestGateway.start(yaml(redis, upstream));
                TestGateway third = TestGateway.start(yaml(redis, upstream))) {
            List<TestGateway> gateways = List.of(first, second, third);
            long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 3 * LIMIT; i++) {
                int port = gateways.get(i % gateways.size()).port();
                callers.add(new Thread(() -> callUntil(end, port)));
            }
            callers.forEach(Thread::start);
            for (Thread caller : callers) {
                caller.join();
            }
            System.out.printf(
                    "three gateways, %d of %d in progress at most; %d passed, %d refused, %d round trips%n",
                    most.get(), LIMIT, passed.get(), refused.get(), redis.calls("evalsha"));
            assertThat(most.get()).as("in progress at once").isEqualTo(LIMIT);
            assertThat(refused.get()).isPositive();
        }
    }

    @Test
    void theSlotsOfAGatewayThatIsKilledComeBack(@TempDir Path directory) throws Exception {
        try (RedisServer redis = new RedisServer();
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    if (request.field("x-stays").isEmpty()) {
                        call.json(200, LimitedGateway.usage(1, 1));
                    } else {
                        open.incrementAndGet();
                        call.awaitClosed(60_000);
                    }
                });
                ChildGateway killed = new ChildGateway(directory, yaml(redis, upstream));
                TestGateway second = TestGateway.start(yaml(redis, upstream))) {
            List<RawCaller> callers = new ArrayList<>();
            while (open.get() < LIMIT) {
                int before = open.get();
                RawCaller caller = new RawCaller(killed.port());
                callers.add(caller.chat(CHAT, "x-stays: yes"));
                await().until(() -> open.get() > before);
            }
            assertThat(status(second)).as("while another has all").isEqualTo(429);
            killed.close();
            long died = System.nanoTime();
            await().atMost(Duration.ofSeconds(20)).until(() -> status(second) == 200);
            System.out.printf(
                    "a killed gateway's slots came back after %d ms%n",
                    Duration.ofNanos(System.nanoTime() - died).toMillis());
            for (RawCaller caller : callers) {
                caller.close();
            }
        }
    }

    private ScriptedUpstream slow() throws IOException {
        Random random = new Random(1);
        return ScriptedUpstream.start((request, call) -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            pause(random.nextInt(30));
            open.decrementAndGet();
            call.json(200, LimitedGateway.usage(1, 1));
        });
    }

    private void callUntil(long end, int port) {
        try (RawCaller caller = new RawCaller(port)) {
            while (System.nanoTime() < end) {
                int status = caller.chat(CHAT).read().status();
                assertThat(status).isIn(200, 429);
                (status == 200 ? passed : refused).incrementAndGet();
                pause(status == 200 ? 0 : 5);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int status(TestGateway gateway) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat(CHAT).read().status();
        }
    }

    private static void pause(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String yaml(RedisServer redis, ScriptedUpstream upstream) {
        return """
                listen: 127.0.0.1:0
                accessLog: off
                state: { redis: "%s", %s }
                keys: { caller: %s }
                deployments:
                  gpt: { upstreams: [{ url: "%s/v1" }], rateLimit: { concurrent: %d } }
                """.formatted(redis.url(), LimitedNodes.DEADLINE, TestGateway.KEY, upstream.url(), LIMIT);
    }
}
