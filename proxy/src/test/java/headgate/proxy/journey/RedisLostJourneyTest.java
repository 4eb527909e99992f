package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A Redis that has lost everything admits nothing twice: every gateway tells it what it has booked before it lends again. */
class RedisLostJourneyTest {
    private static final int LIMIT = 300;
    private static final String GPT = "gpt";

    @Test
    void startedAnewUnderLoadItAdmitsNothingTwice() throws Exception {
        try (RedisServer redis = new RedisServer();
                LimitedNodes nodes = nodes(redis)) {
            nodes.awaitPassing(GPT);
            nodes.ask(GPT, LIMIT / 2);
            for (int restart = 0; restart < 2; restart++) {
                AtomicBoolean over = new AtomicBoolean();
                CompletableFuture<Void> callers = CompletableFuture.runAsync(() -> {
                    while (!over.get()) {
                        await().untilAsserted(() -> nodes.ask(GPT, 3));
                        pause();
                    }
                });
                redis.stop();
                redis.start();
                nodes.awaitPassing(GPT);
                over.set(true);
                callers.join();
            }
            nodes.useUp(GPT, LIMIT);
            System.out.printf("Redis started empty twice: %d of %d requests in all%n", nodes.asked(GPT), LIMIT);
            assertThat(nodes.fullestMinute(GPT)).as("in any 60 s").isLessThanOrEqualTo(LIMIT);
        }
    }

    @Test
    void whatAGatewayHasUsedThatNobodyCallsAnyMoreIsToldToo() throws Exception {
        try (RedisServer redis = new RedisServer();
                LimitedNodes nodes = nodes(redis)) {
            nodes.awaitPassing(GPT);
            askUntil(nodes, 0, LIMIT * 2 / 3);
            redis.ask("FLUSHALL");
            // What the other has borrowed and not used comes back first.
            askUntil(nodes, 1, LIMIT * 9 / 10);
            await().atMost(Duration.ofSeconds(30)).until(() -> nodes.status(1, GPT) == 429);
            assertThat(nodes.fullestMinute(GPT)).as("at both").isLessThanOrEqualTo(LIMIT);
        }
    }

    /** Asks at one gateway until so many have reached the upstream; some may be told to wait. */
    private static void askUntil(LimitedNodes nodes, int gateway, int reached) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    nodes.status(gateway, GPT);
                    return nodes.asked(GPT) >= reached;
                });
    }

    private static LimitedNodes nodes(RedisServer redis) throws Exception {
        return new LimitedNodes(
                "redis: \"" + redis.url() + "\", " + LimitedNodes.DEADLINE,
                List.of(GPT),
                "requestsPerMinute: " + LIMIT,
                "closed");
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
