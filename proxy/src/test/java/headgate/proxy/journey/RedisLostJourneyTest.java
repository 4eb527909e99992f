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
            assertThat(nodes.asked(GPT)).as("in less than 60 s").isLessThanOrEqualTo(LIMIT);
        }
    }

    @Test
    void whatAGatewayHasUsedThatNobodyCallsAnyMoreIsToldToo() throws Exception {
        try (RedisServer redis = new RedisServer();
                LimitedNodes nodes = nodes(redis)) {
            nodes.awaitPassing(GPT);
            while (nodes.asked(GPT) < LIMIT * 2 / 3) {
                assertThat(nodes.status(0, GPT)).isEqualTo(200);
            }
            redis.ask("FLUSHALL");
            await().atMost(Duration.ofSeconds(20)).until(() -> nodes.status(1, GPT) == 429);
            assertThat(nodes.asked(GPT)).as("at both").isBetween(LIMIT * 9 / 10, LIMIT);
        }
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
