package headgate.proxy.tracing;

import headgate.conf.TracingConfig;
import headgate.filters.Exchange;
import headgate.filters.api.ProxyError;
import headgate.filters.fetch.Fetcher;
import headgate.filters.http.RequestHead;
import headgate.filters.trace.Trace;
import headgate.filters.trace.TraceParent;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Decides which exchanges are traced, and hands those that are over to the collector. Shared by all event loops. */
public final class Tracer {
    /** Traces nothing, so that what callers say of traces passes as it came. */
    public static final Tracer OFF = new Tracer();

    private final @Nullable TracingConfig config;
    private final @Nullable SslContext tls;
    private final @Nullable TraceExport export;
    private final TraceCounters counters;

    private Tracer() {
        config = null;
        tls = null;
        export = null;
        counters = new TraceCounters();
    }

    /**
     * Makes a tracer ready, which tells nobody before it is started.
     *
     * @param tls how TLS is spoken with the collector, whose it stays; null for plain HTTP
     * @param before whose counters go on
     */
    public Tracer(TracingConfig config, @Nullable SslContext tls, Tracer before) {
        this.config = config;
        this.tls = tls;
        this.counters = before.counters;
        this.export = new TraceExport(config, tls, counters);
    }

    /** Whether this is what such a configuration would make. */
    public boolean is(TracingConfig other, @Nullable SslContext otherTls) {
        return other.equals(config) && Objects.equals(tls, otherTls);
    }

    /** Has traces sent from now on, over connections of this loop. */
    public void start(EventLoop loop, Fetcher fetcher) {
        if (export != null) {
            export.start(loop, fetcher);
        }
    }

    /** Sends what waits, as far as it is taken at once, and no more; completes then. */
    public CompletionStage<Void> stop() {
        return export == null ? CompletableFuture.completedStage(null) : export.stop();
    }

    /** What became of the traced exchanges. */
    public TraceCounters counters() {
        return counters;
    }

    /**
     * The trace that an exchange belongs to; null where nothing is traced.
     *
     * <p>Whether one that begins here is traced follows from its id alone, so that all nodes would decide alike.
     */
    public @Nullable Trace begin(RequestHead head) {
        if (config == null) {
            return null;
        }
        TraceParent parent = TraceParent.of(head.fields());
        if (parent != null) {
            return Trace.goOn(
                    parent, config.callersDecide() ? parent.sampled() : isOfShare(parent.low(), config.sample()));
        }
        long low = Trace.id();
        return Trace.begin(Trace.id(), low, isOfShare(low, config.sample()));
    }

    /**
     * An exchange is over.
     *
     * @param status that was answered; 0 for none
     * @param endNanos {@link System#nanoTime()} when it was
     * @param error why it did not end as it should; null when it did
     */
    public void ended(Exchange exchange, int status, long endNanos, @Nullable ProxyError error) {
        Trace trace = exchange.trace();
        if (export != null && trace != null && trace.sampled()) {
            export.add(TracedExchange.of(exchange, trace, status, endNanos, error));
        }
    }

    private static boolean isOfShare(long id, double share) {
        return share >= 1 || (id >>> 1) < (long) (share * Long.MAX_VALUE);
    }
}
