package headgate.proxy.telemetry;

/** Durations of several recorders together, as they were when they were read; belongs to one thread. */
final class DurationSum {
    private final long[] counts = new long[Durations.size() + 1];
    private long sumNanos;

    DurationSum add(Durations durations) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += durations.count(i);
        }
        sumNanos += durations.sumNanos();
        return this;
    }

    /** What has come since an earlier reading of the same. */
    DurationSum since(DurationSum earlier) {
        DurationSum fresh = new DurationSum();
        for (int i = 0; i < counts.length; i++) {
            fresh.counts[i] = counts[i] - earlier.counts[i];
        }
        fresh.sumNanos = sumNanos - earlier.sumNanos;
        return fresh;
    }

    DurationSum copy() {
        return since(new DurationSum());
    }

    long count(int bucket) {
        return counts[bucket];
    }

    /** How many there are: the sum of the buckets, so that the two never disagree. */
    long count() {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all;
    }

    double sumSeconds() {
        return sumNanos / 1e9;
    }

    /**
     * The time within which this part of them took, in seconds: the upper bound of its bucket, so at most a third too long.
     *
     * @param part above 0, up to 1
     * @return NaN when there are none; infinite when it is above the last bound
     */
    double quantileSeconds(double part) {
        long all = count();
        long wanted = (long) Math.ceil(all * part);
        long seen = 0;
        for (int i = 0; i < Durations.size() && all > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Durations.boundNanos(i) / 1e9;
            }
        }
        return all == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    }
}
