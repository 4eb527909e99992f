package headgate.filters.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what was admitted in any minute, or any day, in sixty cells of equal length.
 *
 * <p>What is booked in a cell counts until sixty whole cells lie behind it. A cell takes bookings from {@link #TRANSIT_NANOS}
 * before it begins until as long before it ends, so each counts for at least so much more than the window's length, and at
 * most a cell more: in no window, wherever it begins, does more arrive than the limit. {@code used} is raised before anything is booked, and the cell is chosen afterwards, by a clock that is read afterwards; so nothing is let go of
 * early, however long a thread stands still between two steps.
 */
final class SlidingWindow extends Meter {
    private static final int CELLS = 60;
    private static final int SLOTS = 64;
    private static final int SLOT_MASK = SLOTS - 1;
    /** A slot holds the low bits of its cell's number above the amount, so that both change at once. */
    private static final int AMOUNT_BITS = 40;

    /** How far a slot may be ahead of a thread that stood still, in cells; what is further away is left from long ago. */
    private static final long AHEAD_MAX = 1 << 20;

    private static final long AMOUNT_MAX = (1L << AMOUNT_BITS) - 1;

    private final long cellNanos;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
    /** The newest cell that anybody has seen. */
    private final AtomicLong head = new AtomicLong();

    /** A window of sixty such cells. */
    SlidingWindow(QuotaUnit unit, long limit, long cellNanos) {
        super(unit, limit);
        this.cellNanos = cellNanos;
    }

    @Override
    long tryTake(long amount, long now) {
        advance(now);
        if (fits(amount)) {
            return 0;
        }
        // Another thread may be in the middle of letting go; it must not make this one refuse.
        expire(head.get(), SLOTS);
        return fits(amount) ? 0 : NOTHING;
    }

    @Override
    long take(long amount, long now) {
        advance(now);
        used.addAndGet(amount);
        return 0;
    }

    @Override
    void giveBack(long mark, long amount) {
        used.addAndGet(-amount);
    }

    @Override
    long book(long mark, long amount, long now) {
        advance(now);
        while (true) {
            long newest = head.get();
            long cell = Math.max(newest, (now + TRANSIT_NANOS) / cellNanos);
            int slot = (int) cell & SLOT_MASK;
            long was = slots.get(slot);
            boolean same = age(cell, was) == 0;
            long before = same ? amount(was) : 0;
            long after = Math.min(AMOUNT_MAX, before + amount);
            // A slot is at most one ahead of the head, so if that has not moved, another cell's slot is an old one's.
            if ((same || head.get() == newest) && slots.compareAndSet(slot, was, cell << AMOUNT_BITS | after)) {
                long lost = before + amount - after + (same ? 0 : amount(was));
                if (lost != 0) {
                    used.addAndGet(-lost);
                }
                return cell;
            }
        }
    }

    /** Less is corrected where it was booked, if that still counts; what is more becomes known now, and counts from now. */
    @Override
    void correct(long mark, long booked, long real, long now) {
        if (real > booked) {
            long more = Math.min(AMOUNT_MAX, real - booked);
            used.addAndGet(more);
            book(0, more, now);
        } else if (real < booked) {
            refund(mark, booked - real);
        }
    }

    @Override
    long used(long now) {
        advance(now);
        return used.get();
    }

    @Override
    long waitNanos(long amount, long now) {
        advance(now);
        long newest = head.get();
        long excess = used.get() + amount - limit();
        for (long cell = newest - CELLS; cell <= newest + 1 && excess > 0; cell++) {
            long slot = slots.get((int) cell & SLOT_MASK);
            if (age(cell, slot) == 0) {
                excess -= amount(slot);
                if (excess <= 0) {
                    return untilFree(cell, now);
                }
            }
        }
        return excess <= 0 ? 0 : untilFree(newest, now);
    }

    @Override
    long resetNanos(long now) {
        advance(now);
        long newest = head.get();
        for (long cell = newest + 1; cell >= newest - CELLS; cell--) {
            long slot = slots.get((int) cell & SLOT_MASK);
            if (amount(slot) > 0 && age(cell, slot) == 0) {
                return untilFree(cell, now);
            }
        }
        return 0;
    }

    @Override
    boolean neverFits(long amount) {
        return amount > limit();
    }

    private boolean fits(long amount) {
        while (true) {
            long was = used.get();
            if (was + amount > limit()) {
                return false;
            }
            if (used.compareAndSet(was, was + amount)) {
                return true;
            }
        }
    }

    private void refund(long cell, long amount) {
        int slot = (int) cell & SLOT_MASK;
        while (true) {
            long was = slots.get(slot);
            if (age(cell, was) != 0) {
                return;
            }
            long back = Math.min(amount, amount(was));
            if (slots.compareAndSet(slot, was, was - back)) {
                used.addAndGet(-back);
                return;
            }
        }
    }

    private void advance(long now) {
        long cell = now / cellNanos;
        long was = head.get();
        while (was < cell) {
            if (head.compareAndSet(was, cell)) {
                expire(cell, (int) Math.min(SLOTS, cell - was));
                return;
            }
            was = head.get();
        }
    }

    /** Lets go of what is too old; looks at so many slots, of the youngest cells that can be. */
    private void expire(long newest, int count) {
        long oldest = newest - CELLS - 1;
        for (long cell = oldest; cell > oldest - count; cell--) {
            int slot = (int) cell & SLOT_MASK;
            long was = slots.get(slot);
            while (amount(was) > 0 && isOld(age(newest, was))) {
                if (slots.compareAndSet(slot, was, 0)) {
                    used.addAndGet(-amount(was));
                    break;
                }
                was = slots.get(slot);
            }
        }
    }

    private static boolean isOld(long age) {
        return age > CELLS || age < -AHEAD_MAX;
    }

    private long untilFree(long cell, long now) {
        return (cell + CELLS + 1) * cellNanos - now;
    }

    private static long amount(long slot) {
        return slot & AMOUNT_MAX;
    }

    /** How many cells a slot lies behind; negative when it is ahead. Numbers are compared by their low bits. */
    private static long age(long cell, long slot) {
        return ((cell << AMOUNT_BITS) - (slot & ~AMOUNT_MAX)) >> AMOUNT_BITS;
    }
}
