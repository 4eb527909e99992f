package headgate.filters.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A part of a shared limit that this node may use up, for one cell of the limit's window and no longer.
 *
 * <p>Shared by all event loops.
 */
final class Loan {
    /** Low enough that nothing fits any more, and far from overflow. */
    private static final long CLOSED = Long.MIN_VALUE / 2;

    /** Of nothing, for ever over. */
    static final Loan NONE = new Loan(-1, Long.MIN_VALUE, Long.MIN_VALUE, new AtomicLong(CLOSED), 0, true);

    /** The cell that all of it is booked in. */
    final long cell;

    final long fromNanos;
    final long untilNanos;
    /** Whether it ends because its cell does. */
    final boolean endsWithCell;

    private final AtomicLong left;
    private final long lent;

    private Loan(long cell, long fromNanos, long untilNanos, AtomicLong left, long lent, boolean endsWithCell) {
        this.cell = cell;
        this.fromNanos = fromNanos;
        this.untilNanos = untilNanos;
        this.left = left;
        this.lent = lent;
        this.endsWithCell = endsWithCell;
    }

    Loan(long cell, long fromNanos, long untilNanos, long lent, boolean endsWithCell) {
        this(cell, fromNanos, untilNanos, new AtomicLong(lent), lent, endsWithCell);
    }

    /** This one with more lent in the same cell; what is taken from one is taken from both. */
    Loan grown(long more, long until, boolean endsWithItsCell) {
        left.addAndGet(more);
        return new Loan(cell, fromNanos, until, left, lent + more, endsWithItsCell);
    }

    boolean covers(long now) {
        return now >= fromNanos && now < untilNanos;
    }

    boolean tryTake(long amount) {
        while (true) {
            long was = left.get();
            if (was < amount) {
                return false;
            }
            if (left.compareAndSet(was, was - amount)) {
                return true;
            }
        }
    }

    /** Gives back what was taken; false when the loan is closed. */
    boolean tryGiveBack(long amount) {
        while (true) {
            long was = left.get();
            if (was < 0) {
                return false;
            }
            if (left.compareAndSet(was, was + amount)) {
                return true;
            }
        }
    }

    /** Ends it; returns what was not used. */
    long close() {
        return Math.max(0, left.getAndSet(CLOSED));
    }

    long left() {
        return Math.max(0, left.get());
    }

    /** How much was lent in all. */
    long lent() {
        return lent;
    }

    /** How much of it was used. */
    long used() {
        return lent - left();
    }
}
