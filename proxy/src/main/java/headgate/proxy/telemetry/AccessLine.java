package headgate.proxy.telemetry;

import headgate.filters.Deployment;
import headgate.filters.Exchange;
import headgate.filters.FailedCall;
import headgate.filters.Principal;
import headgate.filters.Usage;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The access line of one exchange: ids, principal, deployment, upstream, calls that failed, status, bytes, tokens, times, who ended it.
 *
 * <p>Never a secret, a prompt, or a query, which may carry a key.
 */
final class AccessLine {
    private static final int CHARACTERS_MAX = 256;

    private AccessLine() {}

    static void write(Exchange exchange, ExchangeRecord record, AccessPage page) {
        page.raw("{\"time\":\"").time(System.currentTimeMillis()).raw("\"");
        id(exchange.id(), page);
        text(page, ",\"upstreamId\":", shortened(exchange.upstreamRequestId()));
        text(page, ",\"source\":", source(exchange.source()));
        text(page, ",\"http\":", record.http);
        text(page, ",\"method\":", shortened(exchange.head().method()));
        text(page, ",\"path\":", shortened(exchange.head().path()));
        OperationMatch operation = exchange.operation();
        if (operation != null) {
            text(page, ",\"surface\":", operation.surface().word());
            text(page, ",\"operation\":", operation.operation().word());
        }
        Principal principal = exchange.principal();
        text(page, ",\"principal\":", principal == null ? null : principal.name());
        Deployment deployment = exchange.deployment();
        text(page, ",\"deployment\":", deployment == null ? null : deployment.name());
        text(page, ",\"upstream\":", exchange.upstream());
        page.raw(",\"attempts\":").number(exchange.attempts());
        failed(exchange.failedCalls(), page);
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
        page.raw("}").endLine();
    }

    /** The member behind the time, by which a line is found. */
    static AccessPage idMember(String id) {
        AccessPage member = new AccessPage(0);
        id(id, member);
        return member;
    }

    private static void id(String id, AccessPage page) {
        text(page, ",\"id\":", id);
    }

    private static void failed(List<FailedCall> calls, AccessPage page) {
        if (calls.isEmpty()) {
            return;
        }
        page.raw(",\"failedCalls\":[");
        String separator = "";
        for (FailedCall call : calls) {
            text(page.raw(separator), "{\"upstream\":", call.upstream());
            text(page, ",\"why\":", call.why());
            page.raw("}");
            separator = ",";
        }
        page.raw("]");
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

    private static @Nullable String source(SocketAddress source) {
        return source instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : null;
    }

    /** Texts that others choose, so that a line takes 3 KiB at most. */
    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX);
    }
}
