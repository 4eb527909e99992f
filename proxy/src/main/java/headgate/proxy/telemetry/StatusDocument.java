package headgate.proxy.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import headgate.filters.quota.QuotaStanding;
import headgate.proxy.admin.JsonText;
import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.LastMinute.Reading;
import headgate.proxy.telemetry.OperationCounters.Label;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the status page shows, as JSON: how things stand now, and what the last minute brought.
 *
 * <p>It remembers a little of the last minute, to tell the difference; belongs to the admin listener's loop.
 */
public final class StatusDocument {
    /** Rows of each table; a person reads no more. */
    private static final int ROWS_MAX = 200;

    /** Problems of a reload that are told, and how much of each; the log has them all. */
    private static final int TEXTS_MAX = 5;

    private static final int TEXT_MAX = 300;

    private final ProxyMetrics metrics;
    private final Supplier<Gateway> gateway;
    private final ProxyState state;
    private final EventExecutor loop;
    private final LastMinute lastMinute = new LastMinute();
    private boolean forgets;

    /** Looks at these, on this loop. */
    public StatusDocument(ProxyMetrics metrics, Supplier<Gateway> gateway, ProxyState state, EventExecutor loop) {
        this.loop = loop;
        this.metrics = metrics;
        this.gateway = gateway;
        this.state = state;
    }

    /** The document as it is now, in one line. */
    public String text() {
        Map<Label, OperationSum> sums = OperationSum.of(metrics.loops());
        long now = System.nanoTime();
        Reading before = lastMinute.before(Reading.of(now, sums, ROWS_MAX));
        planToForget();
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", state.ready().getAsBoolean());
            json.writeNumberField("exchanges", metrics.sum(LoopMetrics::openExchanges));
            json.writeNumberField("streams", metrics.sum(LoopMetrics::openStreams));
            json.writeNumberField("connections", state.connections().getAsInt());
            json.writeStringField(
                    "redis",
                    state.redis() == null ? "none" : state.redis().status().up() ? "up" : "away");
            json.writeNumberField("seconds", (now - before.nanos()) / 1e9);
            operations(json, sums, before);
            upstreams(json);
            limits(json);
            reloads(json);
            json.writeEndObject();
        });
    }

    /** When nobody looks any more, nothing is kept for them. */
    private void planToForget() {
        if (!forgets) {
            forgets = true;
            loop.schedule(
                    () -> {
                        forgets = false;
                        if (lastMinute.forget(System.nanoTime())) {
                            planToForget();
                        }
                    },
                    LastMinute.WINDOW_NANOS,
                    TimeUnit.NANOSECONDS);
        }
    }

    private static void operations(JsonGenerator json, Map<Label, OperationSum> now, Reading before)
            throws IOException {
        json.writeArrayFieldStart("operations");
        int rows = 0;
        for (Map.Entry<Label, OperationSum> entry : now.entrySet()) {
            if (rows++ < ROWS_MAX) {
                operation(json, entry.getKey(), entry.getValue(), before.row(entry.getKey()));
            }
        }
        json.writeEndArray();
    }

    /** Times are those of the last minute, or where it brought none, of all there were. */
    private static void operation(JsonGenerator json, Label label, OperationSum now, LastMinute.@Nullable Row before)
            throws IOException {
        DurationSum fresh = before == null ? now.firstByte : now.firstByte.since(before.firstByte());
        DurationSum times = fresh.count() == 0 ? now.firstByte : fresh;
        json.writeStartObject();
        json.writeStringField("deployment", label.deployment());
        json.writeStringField("operation", label.operation());
        json.writeNumberField("requests", now.total.count());
        json.writeNumberField("recent", now.total.count() - (before == null ? 0 : before.requests()));
        json.writeNumberField("tokens", now.tokens() - (before == null ? 0 : before.tokens()));
        if (times.count() > 0) {
            json.writeNumberField("p50", times.quantileSeconds(0.5));
            json.writeNumberField("p99", times.quantileSeconds(0.99));
        }
        json.writeArrayFieldStart("errors");
        for (Map.Entry<OperationSum.End, Long> end : now.ends.entrySet()) {
            if (!end.getKey().cause().equals("answer") || end.getKey().status() >= 400) {
                json.writeStartObject();
                json.writeNumberField("status", end.getKey().status());
                json.writeStringField("cause", end.getKey().cause());
                json.writeNumberField("all", end.getValue());
                long earlier = before == null ? 0 : before.ends().getOrDefault(end.getKey(), 0L);
                json.writeNumberField("recent", end.getValue() - earlier);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void upstreams(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("upstreams");
        int rows = 0;
        for (UpstreamSum sum : UpstreamSum.of(gateway.get()).values()) {
            if (rows++ < ROWS_MAX) {
                json.writeStartObject();
                json.writeStringField("deployment", sum.deployment);
                json.writeStringField("upstream", sum.upstream);
                json.writeNumberField("coolingSeconds", sum.coolingNanos / 1e9);
                json.writeNumberField("open", sum.open);
                json.writeNumberField("calls", sum.calls);
                json.writeNumberField("failures", sum.failures);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private void limits(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("limits");
        int rows = 0;
        for (QuotaStanding at : state.quotas().get()) {
            if (rows++ < ROWS_MAX) {
                json.writeStartObject();
                json.writeStringField("deployment", at.deployment());
                json.writeStringField("principal", at.principal());
                json.writeStringField("unit", at.unit().name().toLowerCase(Locale.ROOT));
                json.writeNumberField("limit", at.limit());
                json.writeNumberField("used", at.used());
                json.writeNumberField("refused", at.refused());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private void reloads(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("reloads");
        for (ReloadOutcome reload : state.reloads().last()) {
            json.writeStartObject();
            json.writeStringField("at", reload.at().toString());
            json.writeBooleanField("applied", reload.applied());
            json.writeStringField("cause", reload.cause().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("problems", reload.problems().size());
            json.writeArrayFieldStart("texts");
            for (String problem : reload.problems()
                    .subList(0, Math.min(TEXTS_MAX, reload.problems().size()))) {
                json.writeString(problem.length() <= TEXT_MAX ? problem : problem.substring(0, TEXT_MAX) + "…");
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
