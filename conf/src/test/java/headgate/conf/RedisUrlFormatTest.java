package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.RedisConfig.Kind;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the URL of a Redis. */
final class RedisUrlFormatTest {
    private final RedisUrlFormat format = new RedisUrlFormat();

    @Test
    void a_host_is_enough() {
        assertThat(read("redis://h"))
                .isEqualTo(new RedisConfig.Url(Kind.SINGLE, false, null, null, nodes("h", 6379), 0, null));
    }

    @Test
    void everything_can_be_said_of_one_redis() {
        assertThat(read("rediss://user:p%40ss+%25@redis.example.com:6380/5"))
                .isEqualTo(new RedisConfig.Url(
                        Kind.SINGLE, true, "user", new Secret("p@ss+%"), nodes("redis.example.com", 6380), 5, null));
        assertThat(read("redis://:pass@[::1]:6380").password()).isEqualTo(new Secret("pass"));
        assertThat(read("redis://[::1]").nodes()).isEqualTo(nodes("::1", 6379));
    }

    @Test
    void sentinels_and_clusters_are_several() {
        RedisConfig.Url sentinel = read("redis-sentinel://:p@a,b:1/2#main");
        assertThat(sentinel.kind()).isEqualTo(Kind.SENTINEL);
        assertThat(sentinel.nodes())
                .containsExactly(
                        InetSocketAddress.createUnresolved("a", 26379), InetSocketAddress.createUnresolved("b", 1));
        assertThat(sentinel.master()).isEqualTo("main");
        assertThat(sentinel.database()).isEqualTo(2);
        assertThat(read("rediss-cluster://a,b,c").nodes()).hasSize(3);
        assertThat(read("rediss-cluster://a").kind()).isEqualTo(Kind.CLUSTER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://",
                "redis://h:0",
                "redis://h:65536",
                "redis://h:x",
                "redis://h,i",
                "redis://h/1000",
                "redis://h#main",
                "redis://h?x=y",
                "redis://:%zz@h",
                "redis://a@b@h",
                "redis-sentinel://h",
                "redis-cluster://h/1",
                "redis-cluster://h,",
                "REDIS://h",
                "http://h"
            })
    void nothing_else_is_one(String url) {
        assertThat(format.read(url)).isNull();
    }

    private RedisConfig.Url read(String url) {
        return Objects.requireNonNull(format.read(url));
    }

    private static List<InetSocketAddress> nodes(String host, int port) {
        return List.of(InetSocketAddress.createUnresolved(host, port));
    }
}
