package headgate.filters.quota;

import headgate.conf.GatewayConfig;
import headgate.filters.Configured;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.api.ProxyError;
import java.util.Objects;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures one reservation and its settlement on the local ledger.
 *
 * <p>docs/benchmarks/quota.md has the command and what was measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(2)
public class QuotaLedgerBenchmark implements QuotaLedger.Decision {
    private final LocalQuotaLedger ledger = new LocalQuotaLedger(System::nanoTime, 1000);
    private GatewayConfig config = Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }");
    private @Nullable Deployment deployment;

    /** How many limits the deployment has: requests, tokens, and tokens of each caller. */
    @Param({"1", "3"})
    int limits = 1;

    @Setup
    public void configure() {
        String written = "tokensPerMinute: 1000000000"
                + (limits > 1 ? ", requestsPerMinute: 1000000000" : "")
                + (limits > 2 ? ", perPrincipal: { tokensPerMinute: 1000000000 }" : "");
        config = Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }], rateLimit: { " + written + " } }");
        deployment = new Deployments(config).find("d");
    }

    @Benchmark
    @Threads(1)
    public Reservation alone() {
        return reserveAndSettle();
    }

    @Benchmark
    @Threads(8)
    public Reservation eightThreads() {
        return reserveAndSettle();
    }

    /** With the header fields of the answer, which are most of what the gate does beside. */
    @Benchmark
    public int withFields() {
        return ledger.fields(reserveAndSettle()).size();
    }

    private Reservation reserveAndSettle() {
        Reservation reservation =
                new Reservation(Objects.requireNonNull(deployment), "caller", config.principalLimits());
        ledger.reserve(reservation, 1, 10, 0, this);
        ledger.settle(reservation, 1, 7, 0);
        return reservation;
    }

    @Override
    public void granted(Reservation reservation) {
        // As expected.
    }

    @Override
    public void refused(Reservation reservation, ProxyError why) {
        throw new IllegalStateException(why);
    }

    @Override
    public void hop(Runnable rest) {
        throw new IllegalStateException("a ledger in memory decides at once");
    }
}
