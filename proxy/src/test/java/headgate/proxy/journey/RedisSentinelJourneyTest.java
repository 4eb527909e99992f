package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.testing.RedisSentinel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The primary dies, Sentinel makes its replica the primary, and the gateways find it by themselves. */
class RedisSentinelJourneyTest {
    private static final int LIMIT = 300;
    private static final String GPT = "gpt";

    @Test
    void theLimitHoldsOverAFailoverButForWhatTheReplicaHadNotHeardOf() throws Exception {
        try (RedisSentinel redis = new RedisSentinel();
                LimitedNodes nodes = new LimitedNodes(
                        "redis: \"" + redis.url() + "\", " + LimitedNodes.DEADLINE,
                        List.of(GPT),
                        "requestsPerMinute: " + LIMIT,
                        "closed")) {
            nodes.awaitPassing(GPT);
            nodes.ask(GPT, LIMIT / 2);
            int before = nodes.asked(GPT);

            redis.primary().stop();
            long died = System.nanoTime();
            nodes.awaitPassing(GPT);
            long backMs = Duration.ofNanos(System.nanoTime() - died).toMillis();

            // What a node had borrowed at the old primary is told to the new one as used, so more may be left.
            nodes.useUp(GPT, LIMIT * 3 / 4);
            System.out.printf(
                    "failover: all three gateways passed again after %d ms; %d of %d requests in all%n",
                    backMs, nodes.asked(GPT), LIMIT);
            assertThat(nodes.asked(GPT))
                    .as("%d before; what the replica had not heard of can be admitted once more", before)
                    .isLessThanOrEqualTo(LIMIT + before / 2);
        }
    }
}
