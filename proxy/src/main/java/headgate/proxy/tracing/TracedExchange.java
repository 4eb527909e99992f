package headgate.proxy.tracing;

import headgate.conf.UpstreamConfig;
import headgate.filters.Deployment;
import headgate.filters.Exchange;
import headgate.filters.Principal;
import headgate.filters.Usage;
import headgate.filters.api.Operation;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.json.JsonScanner;
import headgate.filters.trace.Trace;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an exchange that is over: never a text, a query or a secret.
 *
 * @param endUnixNanos when it was over, since 1970
 * @param endNanos the same by {@link System#nanoTime()}, which all other times are by
 * @param secure whether it came over TLS
 * @param model what the deployment has upstreams asked for that have no other name for it; empty without one
 * @param streams whether a stream was asked for
 * @param blamedOnUs whether the error was none of the caller's
 * @param upstreams of the deployment that was called
 */
record TracedExchange(
        Trace trace,
        String id,
        boolean secure,
        String method,
        String path,
        @Nullable Operation operation,
        @Nullable String principal,
        @Nullable String deployment,
        String model,
        List<UpstreamConfig> upstreams,
        boolean streams,
        int status,
        @Nullable String error,
        boolean blamedOnUs,
        @Nullable Usage usage,
        long startNanos,
        long endNanos,
        long endUnixNanos) {
    private static final int PATH_MAX = 256;

    static TracedExchange of(Exchange exchange, Trace trace, int status, long endNanos, @Nullable ProxyError error) {
        OperationMatch operation = exchange.operation();
        Principal principal = exchange.principal();
        Deployment deployment = exchange.deployment();
        JsonScanner scan = exchange.scan();
        String path = exchange.head().path();
        Instant now = Instant.now();
        return new TracedExchange(
                trace,
                exchange.id(),
                exchange.downstream().secure(),
                exchange.head().method(),
                path.length() <= PATH_MAX ? path : path.substring(0, PATH_MAX),
                operation == null ? null : operation.operation(),
                principal == null ? null : principal.name(),
                deployment == null ? null : deployment.name(),
                deployment == null ? "" : deployment.modelName(),
                deployment == null ? List.of() : deployment.config().upstreams(),
                scan != null && scan.stream(),
                status,
                error == null ? null : error.kind().name(),
                error != null && error.kind().blame() != ProxyError.Blame.DOWNSTREAM,
                exchange.usage(),
                exchange.startNanos(),
                endNanos,
                now.getEpochSecond() * 1_000_000_000L + now.getNano());
    }

    /** A time of {@link System#nanoTime()}, since 1970. */
    long unixNanos(long nanos) {
        return endUnixNanos - (endNanos - nanos);
    }
}
