package headgate.proxy.routing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How an endpoint is doing: until when it is better left alone, and what became of the calls to it.
 *
 * <p>Shared by all event loops.
 */
public final class EndpointHealth {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong coolUntilNanos = new AtomicLong(NEVER);
    private final LongAdder calls = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder failures = new LongAdder();

    EndpointHealth() {}

    /** Leaves the endpoint alone for so long, or longer if that was decided already. */
    public void coolDown(long nanos, long nowNanos) {
        coolUntilNanos.accumulateAndGet(nowNanos + nanos, (old, next) -> old == NEVER || next - old > 0 ? next : old);
    }

    /** How long it is still to be left alone; 0 when it can be used. */
    public long coolingNanos(long nowNanos) {
        long until = coolUntilNanos.get();
        return until == NEVER ? 0 : Math.max(0, until - nowNanos);
    }

    /** It has answered well. */
    public void recovered() {
        if (coolUntilNanos.get() != NEVER) {
            coolUntilNanos.set(NEVER);
        }
    }

    /** A call to it begins. */
    public void callBegins() {
        calls.increment();
    }

    /** A call to it is over. */
    public void callEnds() {
        ended.increment();
    }

    /** A call to it failed, or was answered as if it had. */
    public void callFailed() {
        failures.increment();
    }

    /** Calls that are not over; not exact while calls begin and end. */
    public long open() {
        long over = ended.sum();
        return Math.max(0, calls.sum() - over);
    }

    /** Calls so far. */
    public long calls() {
        return calls.sum();
    }

    /** Calls so far that failed, or were answered as if they had. */
    public long failures() {
        return failures.sum();
    }
}
