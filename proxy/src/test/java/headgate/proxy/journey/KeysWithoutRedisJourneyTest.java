package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.filters.identity.KeyText;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis stops, freezes, comes back: known keys go on, unknown ones are refused, and nothing hangs. */
class KeysWithoutRedisJourneyTest {
    private final Path directory;

    KeysWithoutRedisJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void knownKeysGoOnWhileRedisIsGoneAndUnknownOnesAreRefusedAtOnce() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}")) {
            String key = known(nodes);
            nodes.redis.stop();
            await().until(() -> nodes.status(0, KeyText.create()) == 503);
            assertThat(nodes.status(0, key)).isEqualTo(200);
            assertThat(nodes.status(0, TestGateway.KEY)).isEqualTo(200);
            assertThat(nodes.status(0, "hg_not-one-of-ours"))
                    .as("cannot be there")
                    .isEqualTo(401);
            RawCaller.Answer answer = nodes.ask(0, KeyText.create(), "GET /openai/v1/models", "");
            assertThat(answer.status()).as("it may be good").isEqualTo(503);
            assertThat(answer.field("retry-after")).isEqualTo("1");
            nodes.redis.start();
            await().untilAsserted(() -> assertThat(nodes.status(0, key))
                    .as("the table is empty now")
                    .isEqualTo(401));
            String another = nodes.key("add", "another").key();
            await().until(() -> nodes.status(0, another) == 200);
        }
    }

    @Test
    void aKnownKeyEndsWhenRedisIsAwayForTooLong() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{ keyOutageTime: 0s }")) {
            String key = known(nodes);
            nodes.redis.stop();
            await().until(() -> nodes.status(0, key) == 503);
            assertThat(nodes.status(0, TestGateway.KEY)).as("of the file").isEqualTo(200);
        }
    }

    @Test
    void nothingHangsWhileRedisIsFrozen() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}", "100ms")) {
            String key = known(nodes);
            nodes.redis.freeze();
            assertThat(nodes.status(0, KeyText.create())).isEqualTo(503);
            for (int i = 0; i < 100; i++) {
                assertThat(nodes.status(0, key)).isEqualTo(200);
            }
            nodes.redis.thaw();
            await().until(() -> nodes.status(0, KeyText.create()) == 401);
            assertThat(nodes.status(0, key)).isEqualTo(200);
        }
    }

    @Test
    void aNodeStartsWithoutRedis() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}")) {
            nodes.redis.stop();
            try (TestGateway late = TestGateway.start(Files.readString(nodes.file))) {
                assertThat(KeyNodes.ask(late, TestGateway.KEY).status()).isEqualTo(200);
                assertThat(KeyNodes.ask(late, KeyText.create()).status()).isEqualTo(503);
                nodes.redis.start();
                await().until(() -> KeyNodes.ask(late, KeyText.create()).status() == 401);
            }
        }
    }

    @Test
    void aFloodOfBadKeysDoesNotReachRedis() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{ failedAttempts: 50, unknownKeyTime: 1h }")) {
            String key = known(nodes);
            long looks = nodes.redis.calls("evalsha");
            await("a look at the table since it was changed").until(() -> nodes.redis.calls("evalsha") > looks + 1);
            String wrong = KeyText.create();
            assertThat(nodes.status(0, wrong)).isEqualTo(401);
            long before = nodes.redis.calls("hget");
            for (int i = 0; i < 20; i++) {
                assertThat(nodes.status(0, wrong)).isEqualTo(401);
                assertThat(nodes.status(0, "hg_" + "A".repeat(48))).isEqualTo(401);
            }
            assertThat(nodes.redis.calls("hget"))
                    .as("the same key, and keys that cannot be")
                    .isEqualTo(before);
            for (int failed = 42; failed <= 100; failed++) {
                assertThat(nodes.status(0, KeyText.create())).isEqualTo(failed <= 50 ? 401 : 429);
            }
            assertThat(nodes.redis.calls("hget") - before)
                    .as("those within the limit, and the first above it")
                    .isEqualTo(10);
            assertThat(nodes.status(0, key))
                    .as("a good key from the same address")
                    .isEqualTo(200);
            assertThat(nodes.status(0, TestGateway.KEY)).isEqualTo(200);
            assertThat(nodes.ask(0, "wrong", "GET /openai/v1/models", "").field("retry-after"))
                    .isNotEmpty();
        }
    }

    private static String known(KeyNodes nodes) {
        String key = nodes.key("add", "known").key();
        await().until(() -> nodes.status(0, key) == 200);
        return key;
    }
}
