package headgate.filters.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts one thing against one limit.
 *
 * <p>An amount is first taken, so that all or none of several meters can be, and then booked or given back; what is booked
 * can be corrected later. Times are nanoseconds of the ledger's clock, which begins at 0. Shared by all event loops; nothing
 * here locks or waits.
 */
abstract sealed class Meter implements Borrowed permits SlidingWindow, LeakyBucket, SharedMeter {
    /**
     * By how much the ways of two requests to their upstreams may differ, in nanoseconds: what is admitted counts for so much
     * longer, so that the limit also holds by an upstream's clock.
     */
    static final long TRANSIT_NANOS = 250_000_000L;

    /** The mark of what was not taken. */
    static final long NOTHING = -1;

    /** What can be done where nothing can be taken. */
    enum Refill {
        /** There is no more for now. */
        NONE_LEFT,
        /** More was asked for; it is told when to try again. */
        LATER,
        /** Nobody answers who could say. */
        AWAY
    }

    private final QuotaUnit unit;
    private final AtomicLong refused = new AtomicLong();
    private final LongAdder reserved = new LongAdder();
    private volatile long limit;

    Meter(QuotaUnit unit, long limit) {
        this.unit = unit;
        this.limit = limit;
    }

    /** Takes the amount if it fits; returns the mark of it, or {@link #NOTHING}. */
    abstract long tryTake(long amount, long now);

    /** Asks for more where there is somebody to ask; {@code then} is called on any thread. */
    Refill refill(long amount, long now, Runnable then) {
        return Refill.NONE_LEFT;
    }

    /** Takes the amount, whether it fits or not; returns the mark of it. */
    abstract long take(long amount, long now);

    /** Gives back what was taken and is not booked. */
    abstract void giveBack(long mark, long amount);

    /** Books what was taken; returns the mark by which it can be corrected. */
    abstract long book(long mark, long amount, long now);

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

    /** What is borrowed, and not used yet. */
    long leased(long now) {
        return 0;
    }

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

    /** Whether the amount would fit now, as far as is known here; a bucket takes anything while it is not full. */
    final boolean hasRoom(long amount, long now) {
        return unit == QuotaUnit.UTILIZATION ? remaining(now) > 0 : remaining(now) >= amount;
    }

    /** An exchange in progress has so much more booked, or (below 0) so much less. */
    final void reserve(long amount) {
        reserved.add(amount);
    }

    /** What exchanges in progress have booked. */
    final long reserved() {
        return Math.max(0, reserved.sum());
    }

    /** Somebody was refused, or would have been. */
    final void refuse() {
        refused.incrementAndGet();
    }

    final long refused() {
        return refused.get();
    }
}
