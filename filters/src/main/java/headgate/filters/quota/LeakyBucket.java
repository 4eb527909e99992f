package headgate.filters.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the utilization of provisioned capacity: a bucket that holds what runs out in a minute, and runs out all the time
 * (CONTRACT.md, section 6).
 *
 * <p>Whatever comes below 100 % is admitted, and may fill it far above; nothing is until it is below again. All that is
 * kept is when it would be empty.
 */
final class LeakyBucket extends Meter {
    private static final long MINUTE_NANOS = 60_000_000_000L;
    /** A year; what a broken count adds must not overflow. */
    private static final double COST_MAX = 365 * 24 * 60.0 * MINUTE_NANOS;

    private final AtomicLong emptyAt = new AtomicLong();

    /** A bucket out of which {@code limit} runs in a minute. */
    LeakyBucket(QuotaUnit unit, long limit) {
        super(unit, limit);
    }

    @Override
    long tryTake(long amount, long now) {
        while (true) {
            long was = emptyAt.get();
            long from = Math.max(was, now);
            if (from - now >= MINUTE_NANOS) {
                return NOTHING;
            }
            if (emptyAt.compareAndSet(was, from + cost(amount))) {
                return 0;
            }
        }
    }

    @Override
    long take(long amount, long now) {
        long cost = cost(amount);
        emptyAt.updateAndGet(was -> Math.max(was, now) + cost);
        return 0;
    }

    @Override
    void giveBack(long mark, long amount) {
        emptyAt.addAndGet(-cost(amount));
    }

    @Override
    long book(long mark, long amount, long now) {
        return mark;
    }

    @Override
    void correct(long mark, long booked, long real, long now) {
        if (real > booked) {
            take(real - booked, now);
        } else {
            giveBack(mark, booked - real);
        }
    }

    @Override
    long used(long now) {
        return (long) Math.ceil((double) resetNanos(now) * limit() / MINUTE_NANOS);
    }

    @Override
    long waitNanos(long amount, long now) {
        return Math.max(0, emptyAt.get() - now - MINUTE_NANOS + 1);
    }

    @Override
    long resetNanos(long now) {
        return Math.max(0, emptyAt.get() - now);
    }

    @Override
    boolean neverFits(long amount) {
        return false;
    }

    private long cost(long amount) {
        return (long) Math.min(COST_MAX, (double) amount * MINUTE_NANOS / limit());
    }
}
