package headgate.proxy.telemetry;

import headgate.filters.Deployment;
import headgate.filters.Exchange;
import headgate.filters.FailedCall;
import headgate.filters.Principal;
import headgate.filters.Usage;
import headgate.filters.api.OperationMatch;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an exchange that is over: the facts of its access line, without its head, so without a secret.
 *
 * <p>Texts that others choose are shortened, so that one takes 3 KiB at most.
 *
 * @param timeMs when it was over, since 1970
 * @param upstream that was called last; null for none
 * @param failed calls that failed, or whose answer was not taken, in their order
 */
public record EndedExchange(
        long timeMs,
        String id,
        @Nullable String upstreamId,
        SocketAddress source,
        String method,
        String path,
        @Nullable OperationMatch operation,
        @Nullable String principal,
        @Nullable String deployment,
        @Nullable String upstream,
        int attempts,
        long sentNanos,
        @Nullable Usage usage,
        List<FailedCall> failed,
        ExchangeRecord record) {
    private static final int CHARACTERS_MAX = 256;

    static EndedExchange of(Exchange exchange, ExchangeRecord record) {
        Principal principal = exchange.principal();
        Deployment deployment = exchange.deployment();
        String upstreamId = exchange.upstreamRequestId();
        return new EndedExchange(
                System.currentTimeMillis(),
                exchange.id(),
                upstreamId == null ? null : shortened(upstreamId),
                exchange.source(),
                shortened(exchange.head().method()),
                shortened(exchange.head().path()),
                exchange.operation(),
                principal == null ? null : principal.name(),
                deployment == null ? null : deployment.name(),
                exchange.upstream(),
                exchange.attempts(),
                exchange.sentNanos(),
                exchange.usage(),
                exchange.failedCalls(),
                record);
    }

    /** Its access line, and the calls that failed, as a JSON object. */
    public String json() {
        AccessPage page = new AccessPage(0);
        AccessLine.explain(this, page);
        return page.text();
    }

    private static String shortened(String text) {
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX);
    }
}
