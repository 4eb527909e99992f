package headgate.filters.token;

import headgate.filters.Principal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a token that is remembered, and one that is verified for the first time.
 *
 * <p>docs/benchmarks/identity.md has the command and what was measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(2)
public class TokenBenchmark {
    private final TokenCheck check = new TokenCheck();
    private final RememberedTokens remembered = new RememberedTokens(10_000);
    private byte[] token = {};

    /** Of the claims' padding: with 0 a token of 0.9 KB, with 600 one of 1.7 KB, as Entra's are. */
    @Param({"0", "600"})
    int padding;

    @Setup
    public void remember() {
        token = Forge.bytes(
                Forge.signed(Forge.HEADER, Forge.CLAIMS.replace("{", "{\"x\":\"" + "x".repeat(padding) + "\",")));
        Principal caller = new Principal("caller", java.util.List.of());
        IssuerKey key = new IssuerKey(java.util.Map.of());
        remembered.add(RememberedTokens.Hash.of(token), caller, key, Long.MAX_VALUE);
    }

    @Benchmark
    public @Nullable Principal rememberedToken() {
        return remembered.find(RememberedTokens.Hash.of(token), System.currentTimeMillis());
    }

    @Benchmark
    public @Nullable TokenFault firstVerification() {
        return check.fault(token);
    }
}
