package headgate.filters.identity;

import headgate.conf.GatewayConfig;
import headgate.conf.KeyConfig;
import headgate.filters.Configured;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures what it costs to know a key of the configuration, or one of Redis that is remembered; most of it is one SHA-256. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class KeyCheckBenchmark implements Identifier.Finding {
    private final KeyIdentifier keys = new KeyIdentifier(
            Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }"), new FailedAttempts(1), null);
    private final byte[] key = "a-key-of-the-caller".getBytes(StandardCharsets.US_ASCII);
    private final Exchange exchange =
            ExchangeProbe.on(new EmbeddedChannel()).exchange("POST /openai/v1/chat/completions");
    private @Nullable Principal found;

    @Benchmark
    public @Nullable Principal configured() {
        keys.identify(exchange, key, this);
        return found;
    }

    /** A node that knows one key of Redis. */
    @State(Scope.Thread)
    public static class Shared {
        private final byte[] key = KeyText.create().getBytes(StandardCharsets.US_ASCII);
        private final RedisServer redis;
        private final RedisLink link;
        final KeyIdentifier keys;

        /** Made by the harness. */
        public Shared() {
            try {
                redis = new RedisServer();
                GatewayConfig config = Configured.with(
                        "d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }",
                        "state: { redis: \"" + redis.url() + "\", deadline: 5s }");
                link = RedisLink.open(Objects.requireNonNull(config.state()));
                KeyConfig issued = new KeyConfig(
                        "team",
                        List.of(KeyText.sha256(new String(key, StandardCharsets.US_ASCII))),
                        null,
                        List.of(),
                        List.of(),
                        List.of());
                Awaitility.await()
                        .ignoreExceptions()
                        .until(() -> new RedisKeyTable(link)
                                .change(null, issued)
                                .toCompletableFuture()
                                .get());
                keys = new KeyIdentifier(config, new FailedAttempts(1), link, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends Redis. */
        @TearDown
        public void end() {
            keys.close(null);
            link.close().toCompletableFuture().join();
            redis.close();
        }
    }

    @Benchmark
    public @Nullable Principal remembered(Shared shared) {
        shared.keys.identify(exchange, shared.key, this);
        return found;
    }

    @Benchmark
    public Object hash() {
        return KeyHash.of(key);
    }

    @Override
    public void known(Principal principal) {
        found = principal;
    }

    @Override
    public void unknown(ProxyError why) {
        found = null;
    }
}
