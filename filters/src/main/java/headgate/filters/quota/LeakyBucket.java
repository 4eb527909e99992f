package headgate.filters.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the utilization of provisioned capacity: a bucket that holds what runs out in a minute, and runs out all the time
 * (CONTRACT.md, section 6).
 *
 * <p>Whatever comes below 100 % is admitted, and may fill it far above; nothing is until it is below again. Clients wait for two
 * minutes at most (CONTRACT.md, section 4): who is refused is told no more, and what would take longer to run out spills then. All
 * that is kept is when it would be empty. The mark of what was taken is when that will have run out, since what has is not given back.
 */
final class LeakyBucket extends Meter {
    private static final long MINUTE_NANOS = 60_000_000_000L;
    /** A year; what a broken count adds must not overflow. */
    private static final double COST_MAX = 365 * 24 * 60.0 * MINUTE_NANOS;
    /** What is left of this, when a minute of it is, has taken two minutes to run out, rounded up. */
    private static final long TOLD_NANOS = 3 * MINUTE_NANOS - 1_000_000_000L;

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
                emptyAt.accumulateAndGet(now + TOLD_NANOS, Math::min);
                return NOTHING;
            }
            long mark = from + cost(amount);
            if (emptyAt.compareAndSet(was, mark)) {
                return mark;
            }
        }
    }

    @Override
    long take(long amount, long now) {
        long cost = cost(amount);
        return emptyAt.updateAndGet(was -> Math.max(was, now) + cost);
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
            long left = Math.max(0, mark - now);
            emptyAt.addAndGet(-Math.min(left, cost(booked - real)));
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
