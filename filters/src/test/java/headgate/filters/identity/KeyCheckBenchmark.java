package headgate.filters.identity;

import headgate.filters.Configured;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures what it costs to know a key of the configuration, most of which is one SHA-256. */
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
