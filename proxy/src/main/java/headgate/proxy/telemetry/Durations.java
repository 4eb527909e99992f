package headgate.proxy.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took, counted in buckets of fixed bounds: ten to the decade, from 100 µs to 2000 s.
 *
 * <p>One thread records, any thread reads. A record is one search and two plain additions, published without a fence: a reader
 * may see them a little later, and never half.
 */
final class Durations {
    /** The beginnings of a decade, of which each is about a quarter above the one before. */
    private static final double[] STEPS = {1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8};

    private static final double FIRST_NANOS = 100_000;
    private static final double LAST_NANOS = 2e12;
    private static final long[] BOUNDS = bounds();

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
    private final AtomicLong sumNanos = new AtomicLong();

    /** How many bounds there are; there is one bucket more, for what is longer than the last. */
    static int size() {
        return BOUNDS.length;
    }

    /** The upper bound of a bucket, in nanoseconds; what takes exactly so long is in it. */
    static long boundNanos(int bucket) {
        return BOUNDS[bucket];
    }

    /** Counts one that took so long; only on the one thread that records. */
    void record(long nanos) {
        int found = Arrays.binarySearch(BOUNDS, nanos);
        int bucket = found >= 0 ? found : -found - 1;
        counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
        sumNanos.setOpaque(sumNanos.getPlain() + Math.max(0, nanos));
    }

    /** How many of a bucket there are so far. */
    long count(int bucket) {
        return counts.getOpaque(bucket);
    }

    long sumNanos() {
        return sumNanos.getOpaque();
    }

    private static long[] bounds() {
        long[] bounds = new long[STEPS.length * 8];
        int size = 0;
        for (double decade = FIRST_NANOS; decade <= LAST_NANOS; decade *= 10) {
            for (double step : STEPS) {
                if (decade * step <= LAST_NANOS) {
                    bounds[size++] = Math.round(decade * step);
                }
            }
        }
        return Arrays.copyOf(bounds, size);
    }
}
