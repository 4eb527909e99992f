package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What reaches the upstream is never above the limit, by its own log, and little below it, whoever leaves or dies.
 *
 * <p>{@code -Dheadgate.exactness.seconds=130} lets more than two windows pass; the burst of the first one needs no more than
 * what is the default.
 */
class ExactLimitJourneyTest {
    private static final long SECONDS = Long.getLong("headgate.exactness.seconds", 6);
    /** What was used leaves the window in a run as long as this. */
    private static final long LONG = 50;

    private static final long WINDOW_NANOS = 60_000_000_000L;
    private static final long LIMIT = 40_000;
    private static final int CALLERS = 8;
    private static final int PROMPT = 5;

    /** What one request used, and when it came. */
    private record Arrival(long nanos, long tokens) {}

    private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final Path directory;

    ExactLimitJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void eightCallersAtThreeGatewaysUseOneLimitUpAndNoMore() throws Exception {
        try (RedisServer redis = new RedisServer();
                ScriptedUpstream upstream = upstream();
                TestGateway first = TestGateway.start(yaml(redis, upstream));
                TestGateway second = TestGateway.start(yaml(redis, upstream));
                TestGateway third = TestGateway.start(yaml(redis, upstream))) {
            call(List.of(first.port(), second.port(), third.port()), Duration.ofSeconds(SECONDS));
            expectExact(LIMIT * 98 / 100);
            if (SECONDS < LONG) {
                // Nothing has left the window yet, so what Redis has booked is all that was settled.
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(booked(redis))
                                .as("settled by the gateways, and used by the upstream")
                                .isEqualTo(used()));
            }
        }
    }

    @Test
    void aGatewayKilledInTheMiddleTakesNoMoreThanItHadBorrowed() throws Exception {
        try (RedisServer redis = new RedisServer();
                ScriptedUpstream upstream = upstream();
                ChildGateway killed = new ChildGateway(directory, yaml(redis, upstream));
                TestGateway second = TestGateway.start(yaml(redis, upstream));
                TestGateway third = TestGateway.start(yaml(redis, upstream))) {
            Thread killer = new Thread(() -> {
                await().pollInterval(Duration.ofMillis(5)).until(() -> used() > LIMIT / 4);
                killed.close();
            });
            killer.start();
            call(List.of(killed.port(), second.port(), third.port()), Duration.ofSeconds(SECONDS));
            killer.join();
            assertThat(killed.running()).isFalse();
            expectExact(LIMIT / 2);
            if (SECONDS < LONG) {
                assertThat(booked(redis)).as("what it held counts as used").isBetween(used(), LIMIT);
            }
        }
    }

    private void expectExact(long least) {
        List<Arrival> log = new ArrayList<>(arrivals);
        log.sort(Comparator.comparingLong(Arrival::nanos));
        long most = 0;
        long inWindow = 0;
        int begin = 0;
        for (Arrival arrival : log) {
            inWindow += arrival.tokens;
            while (log.get(begin).nanos <= arrival.nanos - WINDOW_NANOS) {
                inWindow -= log.get(begin++).tokens;
            }
            most = Math.max(most, inWindow);
        }
        System.out.printf(
                "exactness: %d tokens of %d in the fullest minute, the limit and more within %d ms at least, %d in %d s, %d requests%n",
                most, LIMIT, shortestAbove(log) / 1_000_000, used(), SECONDS, log.size());
        assertThat(most).as("in any 60 s").isBetween(least, LIMIT);
    }

    /** The shortest time in which more than the limit was used. */
    private static long shortestAbove(List<Arrival> log) {
        long shortest = Long.MAX_VALUE;
        long sum = 0;
        int begin = 0;
        for (Arrival arrival : log) {
            sum += arrival.tokens;
            while (sum - log.get(begin).tokens > LIMIT) {
                sum -= log.get(begin++).tokens;
            }
            shortest = sum > LIMIT ? Math.min(shortest, arrival.nanos - log.get(begin).nanos) : shortest;
        }
        return shortest;
    }

    private long used() {
        return arrivals.stream().mapToLong(Arrival::tokens).sum();
    }

    /** Answers at once; a caller that leaves meanwhile is never answered, and has used its prompt. */
    private ScriptedUpstream upstream() throws IOException {
        return ScriptedUpstream.start((request, call) -> {
            long now = System.nanoTime();
            int asked = Integer.parseInt(request.body().replaceAll("(?s).*\"max_tokens\":([0-9]+).*", "$1"));
            if (request.field("x-leaves").isEmpty()) {
                int completion = asked - asked / 3;
                arrivals.add(new Arrival(now, PROMPT + completion));
                call.json(200, LimitedGateway.usage(PROMPT, completion));
            } else {
                arrivals.add(new Arrival(now, PROMPT));
                call.awaitClosed(5000);
            }
        });
    }

    private static void call(List<Integer> ports, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int port = ports.get(i % ports.size());
            Random random = new Random(i);
            callers.add(new Thread(() -> callUntil(end, port, random)));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private static void callUntil(long end, int port, Random random) {
        while (System.nanoTime() < end) {
            try (RawCaller caller = new RawCaller(port)) {
                for (int i = 0; i < 20; i++) {
                    String chat = LimitedGateway.chat(4 * PROMPT, "\"max_tokens\":" + random.nextInt(1, 300) + ",");
                    if (random.nextInt(20) == 0) {
                        caller.chat(chat, "x-leaves: yes");
                        Thread.sleep(random.nextInt(20));
                        break;
                    }
                    if (caller.chat(chat).read().status() == 429) {
                        Thread.sleep(5);
                    }
                }
            } catch (java.net.ConnectException e) {
                return; // The gateway was killed.
            } catch (IOException e) {
                if (!(e instanceof java.net.SocketException)
                        && !String.valueOf(e.getMessage()).contains("ended")) {
                    throw new UncheckedIOException(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String yaml(RedisServer redis, ScriptedUpstream upstream) {
        return """
                listen: 127.0.0.1:0
                accessLog: off
                state: { redis: "%s", deadline: 200ms }
                keys: { caller: %s }
                deployments:
                  gpt: { upstreams: [{ url: "%s/v1" }], rateLimit: { tokensPerMinute: %d, requestsPerMinute: 1000000 } }
                """.formatted(redis.url(), TestGateway.KEY, upstream.url(), LIMIT);
    }

    private static long booked(RedisServer redis) throws IOException {
        long sum = 0;
        for (String value : redis.ask("HVALS", "headgate:{gpt//TOKENS}:quota").split("\r\n", -1)) {
            // The birth is among the values, and has more digits than any amount here.
            sum += value.matches("-?[0-9]{1,9}") ? Long.parseLong(value) : 0;
        }
        return sum;
    }
}
