package headgate.proxy.telemetry;

import headgate.filters.api.ProxyError;
import org.jspecify.annotations.Nullable;

/**
 * What the access line tells of an exchange beside the exchange itself; written by its owner as it goes.
 *
 * <p>Times are {@link System#nanoTime()}, 0 for what has not happened.
 */
public final class ExchangeRecord {
    /** When the request's head was complete. */
    public final long startNanos;

    /** The version of HTTP that the request came by. */
    public final String http;

    /** Bytes of the request's body that came. */
    public long bytesIn;

    /** Bytes of the answer's body that were sent. */
    public long bytesOut;

    /** The answer's status; 0 when none was sent. */
    public int status;

    /** When the request's body was complete. */
    public long bodyNanos;

    /** When the answer's head came. */
    public long answerNanos;

    /** When the answer's last byte was sent, or the exchange was given up. */
    public long endNanos;

    /** Why the exchange did not end as it should; null when it did. */
    public @Nullable ProxyError error;

    /** Where the bursts of a streamed answer are counted; null where there is none. */
    @Nullable
    OperationCounters streaming;

    /** When the last burst of a streamed answer left. */
    long burstNanos;

    /** Opens the record of an exchange. */
    public ExchangeRecord(long startNanos, String http) {
        this.startNanos = startNanos;
        this.http = http;
    }
}
