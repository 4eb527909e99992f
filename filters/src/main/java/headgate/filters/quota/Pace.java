package headgate.filters.quota;

/**
 * How much the time of one loan uses, of late; while that rises, at least as much as the time in progress has used already.
 *
 * <p>Told by one thread at a time, and asked by all.
 */
final class Pace {
    /** A time that is nearly over counts as one: loans end a little early. */
    private static final double NEARLY = 0.75;
    /** Demand varies: more is expected than was used. */
    private static final double MARGIN = 1.25;

    private final long timeNanos;
    private long sinceNanos;
    private volatile long used;
    private volatile double before;

    /** The pace of what is used in so long a time. */
    Pace(long timeNanos) {
        this.timeNanos = timeNanos;
    }

    /** A loan is over, or used up; it may not have been the only one of its time. */
    void used(long amount, long now) {
        long sum = used + amount;
        long elapsed = now - sinceNanos;
        if (elapsed >= timeNanos * NEARLY) {
            double pace = (double) sum * timeNanos / elapsed;
            before = pace > before ? pace : (before + pace) / 2;
            sinceNanos = now;
            sum = 0;
        }
        used = sum;
    }

    /**
     * What the time of a loan will use, with a margin.
     *
     * @param usedNow of the loan in progress
     */
    double expected(long usedNow) {
        return MARGIN * Math.max(before, (double) used + usedNow);
    }
}
