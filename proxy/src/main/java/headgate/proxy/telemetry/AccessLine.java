package headgate.proxy.telemetry;

import headgate.filters.FailedCall;
import headgate.filters.Usage;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The access line of one exchange: ids, principal, deployment, upstream, status, bytes, tokens, times, who ended it.
 *
 * <p>Never a secret, a prompt, or a query, which may carry a key.
 */
final class AccessLine {
    private AccessLine() {}

    static void write(EndedExchange exchange, AccessPage page) {
        members(exchange, page);
        page.raw("}").endLine();
    }

    /** The same, with the calls that failed, and no line's end. */
    static void explain(EndedExchange exchange, AccessPage page) {
        members(exchange, page);
        page.raw(",\"failedCalls\":[");
        String separator = "";
        for (FailedCall call : exchange.failed()) {
            text(page.raw(separator), "{\"upstream\":", call.upstream());
            text(page, ",\"why\":", call.why());
            page.raw("}");
            separator = ",";
        }
        page.raw("]}");
    }

    private static void members(EndedExchange exchange, AccessPage page) {
        ExchangeRecord record = exchange.record();
        page.raw("{\"time\":\"").time(exchange.timeMs()).raw("\"");
        text(page, ",\"id\":", exchange.id());
        text(page, ",\"upstreamId\":", exchange.upstreamId());
        text(page, ",\"source\":", source(exchange));
        text(page, ",\"http\":", record.http);
        text(page, ",\"method\":", exchange.method());
        text(page, ",\"path\":", exchange.path());
        OperationMatch operation = exchange.operation();
        if (operation != null) {
            text(page, ",\"surface\":", operation.surface().word());
            text(page, ",\"operation\":", operation.operation().word());
        }
        text(page, ",\"principal\":", exchange.principal());
        text(page, ",\"deployment\":", exchange.deployment());
        text(page, ",\"upstream\":", exchange.upstream());
        page.raw(",\"attempts\":").number(exchange.attempts());
        page.raw(",\"status\":").number(record.status);
        page.raw(",\"bytesIn\":").number(record.bytesIn);
        page.raw(",\"bytesOut\":").number(record.bytesOut);
        Usage usage = exchange.usage();
        if (usage != null) {
            tokens(page, ",\"promptTokens\":", usage.promptTokens());
            tokens(page, ",\"completionTokens\":", usage.completionTokens());
            tokens(page, ",\"cachedTokens\":", usage.cachedTokens());
            tokens(page, ",\"reasoningTokens\":", usage.reasoningTokens());
        }
        millis(page, ",\"bodyMs\":", record.startNanos, record.bodyNanos);
        millis(page, ",\"sentMs\":", record.startNanos, exchange.sentNanos());
        millis(page, ",\"answerMs\":", record.startNanos, record.answerNanos);
        millis(page, ",\"totalMs\":", record.startNanos, record.endNanos);
        ended(page, record.error);
    }

    private static void ended(AccessPage page, @Nullable ProxyError error) {
        if (error == null) {
            page.raw(",\"endedBy\":\"answer\"");
        } else {
            text(page, ",\"endedBy\":", error.kind().blame().name().toLowerCase(Locale.ROOT));
            text(page, ",\"error\":", error.kind().name());
        }
    }

    private static void text(AccessPage page, String name, @Nullable String value) {
        if (value != null) {
            page.raw(name).string(value);
        }
    }

    private static void tokens(AccessPage page, String name, long value) {
        if (value >= 0) {
            page.raw(name).number(value);
        }
    }

    private static void millis(AccessPage page, String name, long startNanos, long nanos) {
        if (nanos != 0) {
            page.raw(name).millis(nanos - startNanos);
        }
    }

    private static @Nullable String source(EndedExchange exchange) {
        return exchange.source() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : null;
    }
}
