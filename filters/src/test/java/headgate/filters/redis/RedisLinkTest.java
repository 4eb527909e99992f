package headgate.filters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.RedisConfig;
import headgate.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The link to a real Redis: what it answers, and that nothing waits for one that does not. */
final class RedisLinkTest {
    private static final LuaScript ECHO = LuaScript.beside(RedisLinkTest.class, "echo.lua");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void aScriptIsSentOnceAndNamedByItsHashAfterwards() throws Exception {
        RedisServer redis = redis();
        RedisLink link = link(redis, "deadline: 2s");
        assertThat(run(link).values()).isEqualTo(Arrays.asList(1L, "headgate:{slot}:name", "a", null, List.of("ü")));
        assertThat(run(link).number(0)).isEqualTo(1);
        assertThat(run(link).text(3)).isNull();
        assertThat(run(link).size()).isEqualTo(5);
        assertThat(redis.calls("eval")).isEqualTo(1);
        assertThat(redis.calls("evalsha")).isEqualTo(4);
    }

    @Test
    void whatRedisSaysIsWrongIsAnAnswer() throws Exception {
        RedisLink link = link(redis(), "deadline: 2s");
        LuaScript broken = new LuaScript("broken", "return redis.call('GET')", "0".repeat(40));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() ->
                            link.run(broken, List.of("k")).toCompletableFuture().join())
                    .hasStackTraceContaining("Wrong number of args");
        }
        assertThat(link.status().up()).as("the link lives").isTrue();
    }

    @Test
    void aRedisThatCannotWriteIsAwayAndHasDoneNothing() throws Exception {
        RedisServer redis = redis();
        RedisLink link = link(redis, "deadline: 2s");
        redis.ask("CONFIG", "SET", "maxmemory", "1");
        LuaScript write = new LuaScript("write", "redis.call('SET', KEYS[1], '1') return {1}", "0".repeat(40));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() ->
                            link.run(write, List.of("k")).toCompletableFuture().join())
                    .hasCauseInstanceOf(RedisAwayException.class);
        }
        assertThat(link.status().error()).as("after some failures in a row").contains("OOM");
        redis.ask("CONFIG", "SET", "maxmemory", "0");
        await().until(() -> link.status().up());
        assertThat(run(link).size()).isEqualTo(5);
    }

    @Test
    void aNodeStartsWithoutRedisAndFindsItLater() throws Exception {
        RedisServer redis = redis();
        redis.stop();
        RedisLink link = open(redis, "deadline: 2s");
        assertRefusedAtOnce(link);
        await().until(() -> link.status().error() != null);
        redis.start();
        await().until(() -> link.status().up());
        assertThat(run(link).size()).isEqualTo(5);
    }

    @Test
    void aSilentRedisIsAskedNoMoreUntilItAnswersAgain() throws Exception {
        RedisServer redis = redis();
        RedisLink link = link(redis, "deadline: 50ms");
        redis.freeze();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> run(link)).hasCauseInstanceOf(TimeoutException.class);
        }
        assertThat(link.status().up()).isFalse();
        assertRefusedAtOnce(link);
        redis.thaw();
        await().ignoreExceptions().until(() -> run(link).size() == 5);
    }

    @Test
    void aRedisThatComesBackIsFoundAndKnowsNoScripts() throws Exception {
        RedisServer redis = redis();
        RedisLink link = link(redis, "deadline: 2s");
        run(link);
        redis.stop();
        await().until(() -> !link.status().up());
        assertRefusedAtOnce(link);
        redis.start();
        await().until(() -> link.status().up());
        assertThat(run(link).size()).isEqualTo(5);
    }

    @Test
    void thePasswordOpensIt() throws Exception {
        RedisServer redis = new RedisServer("--requirepass", "a pass/word");
        opened.add(redis);
        RedisLink link = open("redis://:a%20pass%2Fword@127.0.0.1:" + redis.port(), "deadline: 2s");
        await().until(() -> link.status().up());
        RedisLink stranger = open(redis, "deadline: 2s");
        await().until(() -> stranger.status().error() != null);
        assertThat(stranger.status().error()).contains("NOAUTH");
        assertThat(stranger.status().up()).isFalse();
    }

    private static void assertRefusedAtOnce(RedisLink link) {
        CompletableFuture<?> refused = link.run(ECHO, List.of("k")).toCompletableFuture();
        assertThat(refused).as("known before anything is sent").isCompletedExceptionally();
        assertThatThrownBy(refused::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RedisAwayException.class);
    }

    private static ScriptAnswer run(RedisLink link) {
        return link.run(ECHO, List.of(link.key("slot", "name")), "a", "ü")
                .toCompletableFuture()
                .join();
    }

    private RedisServer redis() throws Exception {
        RedisServer redis = new RedisServer();
        opened.add(redis);
        return redis;
    }

    private RedisLink link(RedisServer redis, String more) throws ConfigException {
        RedisLink link = open(redis, more);
        await().until(() -> link.status().up());
        return link;
    }

    private RedisLink open(RedisServer redis, String more) throws ConfigException {
        return open(redis.url(), more);
    }

    private RedisLink open(String url, String more) throws ConfigException {
        RedisConfig config = ConfigLoader.load(
                        "state: { redis: \"" + url + "\", " + more + " }\n"
                                + "deployments: { d: { upstreams: [{ url: http://h }] } }",
                        Path.of("test.yaml").toAbsolutePath(),
                        Map.of())
                .state();
        RedisLink link = RedisLink.open(Objects.requireNonNull(config));
        opened.add(0, () -> link.close().toCompletableFuture().join());
        return link;
    }
}
