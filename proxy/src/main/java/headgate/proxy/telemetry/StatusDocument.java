package headgate.proxy.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import headgate.filters.quota.QuotaStanding;
import headgate.proxy.admin.JsonText;
import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.OperationCounters.Label;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the status page shows, as JSON: how things stand now, and what the last minute brought.
 *
 * <p>It remembers what it said within the last minute, to tell the difference; belongs to the admin listener's loop.
 */
public final class StatusDocument {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Rows of each table; a person reads no more. */
    private static final int ROWS_MAX = 200;

    private record Reading(long nanos, Map<Label, OperationSum> sums) {}

    private final ProxyMetrics metrics;
    private final Supplier<Gateway> gateway;
    private final ProxyState state;
    private final Deque<Reading> readings = new ArrayDeque<>();

    /** Looks at these. */
    public StatusDocument(ProxyMetrics metrics, Supplier<Gateway> gateway, ProxyState state) {
        this.metrics = metrics;
        this.gateway = gateway;
        this.state = state;
    }

    /** The document as it is now, in one line. */
    public String text() {
        Reading now = new Reading(System.nanoTime(), OperationSum.of(metrics.loops()));
        while (readings.size() > 1 && now.nanos - readings.element().nanos > WINDOW_NANOS) {
            readings.remove();
        }
        Reading before = readings.isEmpty() ? now : readings.element();
        if (readings.isEmpty() || now.nanos - readings.getLast().nanos >= APART_NANOS) {
            readings.add(now);
        }
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", state.ready().getAsBoolean());
            json.writeNumberField("exchanges", metrics.sum(LoopMetrics::openExchanges));
            json.writeNumberField("streams", metrics.sum(LoopMetrics::openStreams));
            json.writeNumberField("connections", state.connections().getAsInt());
            json.writeStringField(
                    "redis",
                    state.redis() == null ? "none" : state.redis().status().up() ? "up" : "away");
            json.writeNumberField("seconds", (now.nanos - before.nanos) / 1e9);
            operations(json, now.sums, before.sums);
            upstreams(json);
            limits(json);
            reloads(json);
            json.writeEndObject();
        });
    }

    private static void operations(JsonGenerator json, Map<Label, OperationSum> now, Map<Label, OperationSum> before)
            throws IOException {
        json.writeArrayFieldStart("operations");
        int rows = 0;
        for (Map.Entry<Label, OperationSum> entry : now.entrySet()) {
            if (rows++ < ROWS_MAX) {
                operation(json, entry.getKey(), entry.getValue(), before.get(entry.getKey()));
            }
        }
        json.writeEndArray();
    }

    /** Times are those of the last minute, or where it brought none, of all there were. */
    private static void operation(JsonGenerator json, Label label, OperationSum now, @Nullable OperationSum before)
            throws IOException {
        DurationSum fresh = before == null ? now.firstByte : now.firstByte.since(before.firstByte);
        DurationSum times = fresh.count() == 0 ? now.firstByte : fresh;
        json.writeStartObject();
        json.writeStringField("deployment", label.deployment());
        json.writeStringField("operation", label.operation());
        json.writeNumberField("requests", now.total.count());
        json.writeNumberField("recent", now.total.count() - (before == null ? 0 : before.total.count()));
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
                long earlier = before == null ? 0 : before.ends.getOrDefault(end.getKey(), 0L);
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
            json.writeNumberField("problems", reload.problems().size());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
