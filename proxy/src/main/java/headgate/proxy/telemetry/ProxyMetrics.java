package headgate.proxy.telemetry;

import headgate.filters.content.judge.JudgeCounters;
import headgate.filters.quota.QuotaStanding;
import headgate.proxy.credential.Credential;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.OperationCounters.Label;
import headgate.proxy.tracing.TraceCounters;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * All metrics of the process: what the event loops count, and what can be looked at when somebody asks.
 *
 * <p>A scrape reads; it stops nobody, and whatever it allocates it does on the thread that asks. The number of series has a
 * bound, and no label has a value that a caller chose.
 */
public final class ProxyMetrics {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int seriesMax;
    private final AdmittedLabels admitted;
    private final Supplier<Gateway> gateway;
    private final ProxyState state;
    private final List<LoopMetrics> loops = new CopyOnWriteArrayList<>();
    /** What the system tells of a process's begin needs parts of /proc that a sandbox may hide. */
    private final long startMillis = System.currentTimeMillis();

    /**
     * Metrics of a gateway whose loops are still to come.
     *
     * @param seriesMax pairs of deployment and operation that have series of their own, and limits that have
     * @param gateway the configuration in force
     */
    public ProxyMetrics(int seriesMax, Supplier<Gateway> gateway, ProxyState state) {
        this.seriesMax = seriesMax;
        this.admitted = new AdmittedLabels(seriesMax);
        this.gateway = gateway;
        this.state = state;
    }

    /** What an event loop is to tell; it is watched from now on. */
    public LoopMetrics loop(EventLoop loop) {
        LoopMetrics metrics = new LoopMetrics(admitted);
        loops.add(metrics);
        metrics.watch(loop);
        return metrics;
    }

    /** Everything, as text of OpenMetrics or of Prometheus. */
    public String text(boolean openMetrics) {
        MetricsText text = new MetricsText(openMetrics);
        exchanges(text, OperationSum.of(loops));
        quotas(text, state.quotas().get());
        upstreams(text, UpstreamSum.of(gateway.get()).values());
        process(text);
        credentials(text, gateway.get().credentials().all());
        judges(text, gateway.get().judges().counters());
        return text.end();
    }

    Collection<LoopMetrics> loops() {
        return loops;
    }

    private static void exchanges(MetricsText text, Map<Label, OperationSum> sums) {
        sums.forEach((label, sum) -> sum.ends.forEach((end, count) -> text.value(
                Metric.REQUESTS,
                count,
                "deployment",
                label.deployment(),
                "operation",
                label.operation(),
                "status",
                Integer.toString(end.status()),
                "cause",
                end.cause())));
        histograms(text, Metric.FIRST_BYTE, sums, sum -> sum.firstByte);
        histograms(text, Metric.BETWEEN_EVENTS, sums, sum -> sum.betweenEvents);
        histograms(text, Metric.TOTAL, sums, sum -> sum.total);
        sums.forEach((label, sum) -> {
            tokens(text, label, "prompt", sum.promptTokens);
            tokens(text, label, "completion", sum.completionTokens);
            tokens(text, label, "cached", sum.cachedTokens);
            tokens(text, label, "reasoning", sum.reasoningTokens);
        });
        sums.forEach((label, sum) -> text.value(
                Metric.RETRIES, sum.retries, "deployment", label.deployment(), "operation", label.operation()));
    }

    /** What never happened has no series: embeddings have no events. */
    private static void histograms(
            MetricsText text, Metric metric, Map<Label, OperationSum> sums, Function<OperationSum, DurationSum> which) {
        sums.forEach((label, sum) -> {
            DurationSum durations = which.apply(sum);
            if (durations.count() > 0) {
                text.histogram(metric, durations, "deployment", label.deployment(), "operation", label.operation());
            }
        });
    }

    private static void tokens(MetricsText text, Label label, String kind, long count) {
        if (count > 0) {
            text.value(
                    Metric.TOKENS,
                    count,
                    "deployment",
                    label.deployment(),
                    "operation",
                    label.operation(),
                    "kind",
                    kind);
        }
    }

    private void quotas(MetricsText text, List<QuotaStanding> all) {
        List<QuotaStanding> shown = all.subList(0, Math.min(all.size(), seriesMax));
        quota(text, Metric.QUOTA_LIMIT, shown, QuotaStanding::limit);
        quota(text, Metric.QUOTA_USED, shown, QuotaStanding::used);
        quota(text, Metric.QUOTA_RESERVED, shown, QuotaStanding::reserved);
        quota(text, Metric.QUOTA_LEASED, shown, QuotaStanding::leased);
        quota(text, Metric.QUOTA_FREE, shown, at -> (at.freeNanos() + SECOND_NANOS - 1) / SECOND_NANOS);
        quota(text, Metric.QUOTA_LEFT, shown, at -> Math.max(0, at.limit() - at.used()));
        quota(text, Metric.QUOTA_REFUSED, shown, QuotaStanding::refused);
    }

    private static void quota(
            MetricsText text, Metric metric, List<QuotaStanding> standings, ToLongFunction<QuotaStanding> value) {
        for (QuotaStanding at : standings) {
            text.value(
                    metric,
                    value.applyAsLong(at),
                    "deployment",
                    at.deployment(),
                    "principal",
                    at.principal(),
                    "unit",
                    at.unit().name().toLowerCase(Locale.ROOT));
        }
    }

    private static void upstreams(MetricsText text, Collection<UpstreamSum> sums) {
        upstream(text, Metric.UPSTREAM_USABLE, sums, sum -> sum.coolingNanos == 0 ? 1 : 0);
        upstream(text, Metric.UPSTREAM_OPEN, sums, sum -> sum.open);
        upstream(text, Metric.UPSTREAM_CALLS, sums, sum -> sum.calls);
        upstream(text, Metric.UPSTREAM_FAILURES, sums, sum -> sum.failures);
    }

    private static void upstream(
            MetricsText text, Metric metric, Collection<UpstreamSum> sums, ToLongFunction<UpstreamSum> value) {
        for (UpstreamSum sum : sums) {
            text.value(metric, value.applyAsLong(sum), "deployment", sum.deployment, "upstream", sum.upstream);
        }
    }

    private void process(MetricsText text) {
        text.value(Metric.OPEN_EXCHANGES, sum(LoopMetrics::openExchanges));
        text.value(Metric.OPEN_STREAMS, sum(LoopMetrics::openStreams));
        text.value(Metric.CONNECTIONS, state.connections().getAsInt());
        text.value(Metric.HELD_BYTES, state.heldBytes().getAsLong());
        DurationSum lag = new DurationSum();
        loops.forEach(loop -> lag.add(loop.lag()));
        text.histogram(Metric.LOOP_LAG, lag);
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider measured) {
            text.value(Metric.DIRECT_MEMORY, measured.metric().usedDirectMemory());
        }
        Runtime runtime = Runtime.getRuntime();
        text.value(Metric.HEAP, runtime.totalMemory() - runtime.freeMemory());
        if (state.redis() != null) {
            text.value(Metric.REDIS_UP, state.redis().status().up() ? 1 : 0);
        }
        text.value(Metric.READY, state.ready().getAsBoolean() ? 1 : 0);
        text.value(Metric.FAILED_ATTEMPTS, state.failures().total());
        text.value(Metric.LINES_LOST, state.accessLog().dropped());
        traces(text, gateway.get().tracer().counters());
        text.value(Metric.RELOADS, state.reloads().applied(), "result", "applied");
        text.value(Metric.RELOADS, state.reloads().refused(), "result", "refused");
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration().map(Duration::toMillis).ifPresent(millis -> text.seconds(Metric.CPU, millis / 1e3));
        text.seconds(Metric.START, startMillis / 1e3);
    }

    private static void traces(MetricsText text, TraceCounters counters) {
        text.value(Metric.TRACES, counters.sent(), "result", "sent");
        text.value(Metric.TRACES, counters.failed(), "result", "failed");
        text.value(Metric.TRACES, counters.dropped(), "result", "dropped");
    }

    long sum(ToLongFunction<LoopMetrics> value) {
        return loops.stream().mapToLong(value).sum();
    }

    private static void credentials(MetricsText text, Collection<Credential> all) {
        for (Credential credential : all) {
            long fetched = credential.counters().fetched().sum();
            long failed = credential.counters().failed().sum();
            text.value(Metric.CREDENTIAL_FETCHES, fetched, "credential", credential.name(), "result", "fetched");
            text.value(Metric.CREDENTIAL_FETCHES, failed, "credential", credential.name(), "result", "failed");
        }
        for (Credential credential : all) {
            long refused = credential.counters().refused().sum();
            text.value(Metric.CREDENTIAL_REFUSALS, refused, "credential", credential.name());
        }
    }

    private static void judges(MetricsText text, Map<String, JudgeCounters> all) {
        all.forEach((judge, counters) -> {
            text.value(Metric.JUDGE_CALLS, counters.answered(), "judge", judge, "result", "answered");
            text.value(Metric.JUDGE_CALLS, counters.failed(), "judge", judge, "result", "failed");
        });
        all.forEach((judge, counters) -> {
            text.value(Metric.JUDGE_TEXTS, counters.judged(), "judge", judge, "result", "judged");
            text.value(Metric.JUDGE_TEXTS, counters.remembered(), "judge", judge, "result", "remembered");
            text.value(Metric.JUDGE_TEXTS, counters.unjudged(), "judge", judge, "result", "unjudged");
        });
    }
}
