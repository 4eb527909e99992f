package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import headgate.testing.TcpRelay;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redis is behind TLS, or further away than a decision may wait. */
class RedisFarAwayJourneyTest {
    private static final String GPT = "gpt";
    private static final int LIMIT = 200;
    private static final int CALLS = 600;
    private static final long MS = 1_000_000;
    private static final long DEADLINE_MS = 10;
    private static final long FAR_MS = 50;

    @Test
    void limitsAreSharedOverTls() throws Exception {
        TestAuthority authority = new TestAuthority("127.0.0.1");
        try (RedisServer redis = new RedisServer();
                TcpRelay relay = new TcpRelay(redis.port(), authority::tls);
                LimitedNodes nodes = nodes("rediss", relay, ", ca: \"" + authority.file() + "\"")) {
            nodes.awaitPassing(GPT);
            nodes.useUp(GPT, LIMIT);
            assertThat(nodes.fullestMinute(GPT)).isLessThanOrEqualTo(LIMIT);
            assertThat(redis.calls("evalsha")).as("what came over TLS").isPositive();
        }
    }

    @Test
    void aRedisThatOneDoesNotTrustIsNotSpokenTo() throws Exception {
        TestAuthority authority = new TestAuthority("127.0.0.1");
        TestAuthority stranger = new TestAuthority("127.0.0.1");
        try (RedisServer redis = new RedisServer();
                TcpRelay relay = new TcpRelay(redis.port(), stranger::tls);
                LimitedNodes nodes = nodes("rediss", relay, ", ca: \"" + authority.file() + "\"")) {
            assertThat(nodes.ask(GPT, 30)).containsOnlyKeys(503);
            assertThat(redis.calls("evalsha")).isZero();
        }
    }

    @Test
    void aSlowRedisHoldsNobodyUpForLongerThanItsDeadline() throws Exception {
        try (RedisServer redis = new RedisServer();
                TcpRelay relay = new TcpRelay(redis.port());
                LimitedNodes nodes = new LimitedNodes(
                        "redis: \"redis://127.0.0.1:" + relay.port() + "\", deadline: " + DEADLINE_MS + "ms",
                        List.of(GPT),
                        "requestsPerMinute: 1000000",
                        "open")) {
            nodes.awaitPassing(GPT);
            nodes.ask(GPT, CALLS);
            long[] near = times(nodes);
            relay.delay(FAR_MS);
            long[] far = times(nodes);
            relay.delay(0);
            long[] again = times(nodes);
            System.out.printf(
                    "99%% of the calls through a gateway: Redis near %.1f ms, %d ms away %.1f ms, near again %.1f ms%n",
                    p99(near), FAR_MS, p99(far), p99(again));
            assertThat(p99(far))
                    .as("the deadline, and what this machine does to the others")
                    .isLessThan(
                            Math.max(p99(near), p99(again)) + DEADLINE_MS + Math.max(slowest(near), slowest(again)));
            long counted = redis.calls("evalsha");
            await().until(() -> nodes.ask(GPT, 30).containsKey(200) && redis.calls("evalsha") > counted);
        }
    }

    private static LimitedNodes nodes(String scheme, TcpRelay relay, String more) throws IOException {
        return new LimitedNodes(
                "redis: \"" + scheme + "://127.0.0.1:" + relay.port() + "\", " + LimitedNodes.DEADLINE + more,
                List.of(GPT),
                "requestsPerMinute: " + LIMIT,
                "closed");
    }

    private static long[] times(LimitedNodes nodes) throws IOException {
        long[] nanos = new long[CALLS];
        try (RawCaller caller = new RawCaller(nodes.gateways.get(0).port())) {
            for (int i = 0; i < CALLS; i++) {
                long begin = System.nanoTime();
                assertThat(caller.chat(LimitedNodes.body(GPT)).read().status()).isEqualTo(200);
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static double p99(long[] sorted) {
        return (double) sorted[sorted.length * 99 / 100] / MS;
    }

    private static double slowest(long[] sorted) {
        return (double) sorted[sorted.length - 1] / MS;
    }
}
