package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several gateways share the limits of a deployment by one Redis, and none of them admits what another has. */
class SharedLimitsJourneyTest {
    private static final int GATEWAYS = 3;

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<TestGateway> gateways = new ArrayList<>();
    private final RedisServer redis;

    SharedLimitsJourneyTest() throws IOException {
        redis = keep(new RedisServer());
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void allTogetherAdmitWhatOneWouldAndNearlyAllOfIt() throws Exception {
        start("tokensPerMinute: 30000, requestsPerMinute: 1000000", "closed");
        callFor(Duration.ofSeconds(4));
        System.out.printf(
                "three gateways on one limit of 30,000: the upstream was asked for %d tokens%n", tokens.get());
        assertThat(tokens.get()).as("tokens that reached the upstream").isBetween(29_400L, 30_000L);
    }

    @Test
    void requestsAreCountedTogetherToo() throws Exception {
        start("tokensPerMinute: 1000000000, requestsPerMinute: 300", "closed");
        callFor(Duration.ofSeconds(3));
        assertThat(requests.get()).isBetween(294L, 300L);
        RawCaller.Answer refused = ask(gateways.get(0), 10);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.field("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(Long.parseLong(refused.field("retry-after")))
                .as("until the first requests are a minute old")
                .isBetween(40L, 61L);
    }

    @Test
    void withoutRedisNothingPassesUncountedAndNothingHangs() throws Exception {
        start("requestsPerMinute: 100000", "closed");
        assertThat(ask(gateways.get(0), 10).status()).isEqualTo(200);
        redis.freeze();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> ask(gateways.get(0), 10).status() == 503);
        assertThat(ask(gateways.get(1), 10).field("retry-after")).isEqualTo("1");
        redis.thaw();
        await().until(() -> ask(gateways.get(0), 10).status() == 200);
    }

    @Test
    void orEverythingDoesWhereTheOperatorWantsThat() throws Exception {
        // More than anybody asks for in the time that is waited below.
        start("requestsPerMinute: 300", "open");
        redis.stop();
        for (TestGateway gateway : gateways) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                for (int i = 0; i < 100; i++) {
                    assertThat(caller.chat(body(10)).read().status()).isEqualTo(200);
                }
            }
        }
        redis.start();
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(ask(gateways.get(0), 10).status())
                        .as("what passed meanwhile is counted")
                        .isEqualTo(429));
    }

    private void start(String limits, String outage) throws IOException {
        ScriptedUpstream upstream = keep(ScriptedUpstream.start((request, call) -> {
            long asked = Long.parseLong(request.body().replaceAll("(?s).*\"max_tokens\":([0-9]+).*", "$1"));
            requests.incrementAndGet();
            tokens.addAndGet(asked);
            call.json(200, LimitedGateway.usage(0, (int) asked));
        }));
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(keep(
                    TestGateway.start("""
                    listen: 127.0.0.1:0
                    accessLog: off
                    state: { redis: "%s", deadline: 100ms }
                    keys: { caller: %s }
                    rateLimits: { outage: %s }
                    deployments:
                      gpt: { upstreams: [{ url: "%s/v1" }], rateLimit: { %s } }
                    """.formatted(redis.url(), TestGateway.KEY, outage, upstream.url(), limits))));
        }
        await().until(() -> ask(gateways.get(0), 1).status() == 200);
    }

    /** Six callers, two at each gateway, ask without a pause, for between 1 and 100 tokens. */
    private void callFor(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 2 * GATEWAYS; i++) {
            TestGateway gateway = gateways.get(i % GATEWAYS);
            Random random = new Random(i);
            callers.add(new Thread(() -> {
                try (RawCaller caller = new RawCaller(gateway.port())) {
                    while (System.nanoTime() < end) {
                        caller.chat(body(random.nextInt(1, 101))).read();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private static RawCaller.Answer ask(TestGateway gateway, int maxTokens) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat(body(maxTokens)).read();
        }
    }

    private static String body(int maxTokens) {
        return "{\"model\":\"gpt\",\"max_tokens\":" + maxTokens + ",\"messages\":[]}";
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }
}
