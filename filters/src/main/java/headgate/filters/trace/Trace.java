package headgate.filters.trace;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The spans of one exchange: its own, and one for each call of an upstream; they are kept only where it is traced. */
public final class Trace {
    private static final int HEX_DIGITS = 16;

    /**
     * A call of an upstream.
     *
     * @param span its id
     * @param upstream the base URL
     * @param startNanos {@link System#nanoTime()} when it began
     * @param endNanos when it was given up; 0 for the one that brought the answer, or that was open when the exchange ended
     * @param failure why it brought the caller nothing; null for the one that did, and where the status says it
     * @param status of an answer that was not taken; 0 without one
     */
    public record Call(
            long span,
            String upstream,
            long startNanos,
            long endNanos,
            @Nullable String failure,
            int status) {}

    private final long high;
    private final long low;
    private final long span;
    private final long parent;
    private final boolean sampled;
    private final List<Call> calls;
    private long calling;

    private Trace(long high, long low, long parent, boolean sampled) {
        this.high = high;
        this.low = low;
        this.span = id();
        this.parent = parent;
        this.sampled = sampled;
        this.calls = sampled ? new ArrayList<>(2) : List.of();
    }

    /** A trace that begins here. */
    public static Trace begin(long high, long low, boolean sampled) {
        return new Trace(high, low, 0, sampled);
    }

    /** The caller's trace goes on. */
    public static Trace goOn(TraceParent from, boolean sampled) {
        return new Trace(from.high(), from.low(), from.span(), sampled);
    }

    /** A new id: random, and never 0. */
    public static long id() {
        long id;
        do {
            id = ThreadLocalRandom.current().nextLong();
        } while (id == 0);
        return id;
    }

    /** Whether the exchange is traced; if not, ids are passed on all the same. */
    public boolean sampled() {
        return sampled;
    }

    /** Whether the caller's trace goes on; if not, what else the caller says of its own is not passed on. */
    public boolean continues() {
        return parent != 0;
    }

    /** The trace's id, 32 digits. */
    public String traceId() {
        return hex(high) + hex(low);
    }

    /** The id of the exchange's own span. */
    public long span() {
        return span;
    }

    /** The id of the caller's span; 0 where the trace begins here. */
    public long parent() {
        return parent;
    }

    /** The calls in their order; none where it is not traced. */
    public List<Call> calls() {
        return calls;
    }

    /** A call begins. */
    public void callBegins(String upstream, long now) {
        calling = id();
        if (sampled) {
            calls.add(new Call(calling, upstream, now, 0, null, 0));
        }
    }

    /** The call that began last brought the caller nothing; its answer's status tells why where there was one, else 0. */
    public void callFailed(@Nullable String why, int status, long now) {
        if (!calls.isEmpty()) {
            Call last = calls.remove(calls.size() - 1);
            calls.add(new Call(last.span, last.upstream, last.startNanos, now, why, status));
        }
    }

    /** Writes the value that makes the call in progress the parent. */
    public void writeParent(ByteBuf out) {
        ByteBufUtil.writeAscii(out, "00-" + traceId() + "-" + hex(calling) + (sampled ? "-01" : "-00"));
    }

    /** An id as it is written, 16 digits. */
    public static String hex(long id) {
        String digits = Long.toHexString(id);
        return "0".repeat(HEX_DIGITS - digits.length()) + digits;
    }
}
