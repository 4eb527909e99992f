package headgate.filters.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts one thing against one limit.
 *
 * <p>An amount is first taken, so that all or none of several meters can be, and then booked or given back; what is booked
 * can be corrected later. Times are nanoseconds of the ledger's clock, which begins at 0. Shared by all event loops; nothing
 * here locks or waits.
 */
abstract sealed class Meter permits SlidingWindow, LeakyBucket {
    private final QuotaUnit unit;
    private final AtomicLong refused = new AtomicLong();
    private volatile long limit;

    Meter(QuotaUnit unit, long limit) {
        this.unit = unit;
        this.limit = limit;
    }

    /** Takes the amount if it fits. */
    abstract boolean tryTake(long amount, long now);

    /** Takes the amount, whether it fits or not. */
    abstract void take(long amount, long now);

    /** Gives back what was taken and is not booked. */
    abstract void giveBack(long amount);

    /** Books what was taken; returns the mark by which it can be corrected. */
    abstract long book(long amount, long now);

    /** What was booked turns out to be another amount. */
    abstract void correct(long mark, long booked, long real, long now);

    /** What counts now. */
    abstract long used(long now);

    /** How long until the amount would fit if nothing else came. */
    abstract long waitNanos(long amount, long now);

    /** How long until nothing counts any more if nothing else came. */
    abstract long resetNanos(long now);

    /** Whether the amount does not fit even when nothing counts. */
    abstract boolean neverFits(long amount);

    final QuotaUnit unit() {
        return unit;
    }

    final long limit() {
        return limit;
    }

    /** Another limit, from another configuration; what counts stays. */
    final void limit(long limit) {
        this.limit = limit;
    }

    /** What may still be taken, never negative. */
    final long remaining(long now) {
        return Math.max(0, limit - used(now));
    }

    /** Somebody was refused, or would have been. */
    final void refuse() {
        refused.incrementAndGet();
    }

    final long refused() {
        return refused.get();
    }
}
