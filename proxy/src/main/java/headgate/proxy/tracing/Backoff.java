package headgate.proxy.tracing;

/**
 * When somebody who did not take what was sent may be tried again: after a while that doubles from failure to failure, up to a
 * bound, and not before they want it.
 */
final class Backoff {
    private final long firstNanos;
    private final long mostNanos;
    private long waitNanos;
    private long nextNanos;

    /** Waits for this long after the first failure, and never longer than the other. */
    Backoff(long firstNanos, long mostNanos) {
        this.firstNanos = Math.min(firstNanos, mostNanos);
        this.mostNanos = mostNanos;
    }

    /** It was taken: nothing is waited for. */
    void taken() {
        waitNanos = 0;
    }

    /** It was not taken, at this time, and they want to be left alone for so long. */
    void refused(long now, long wantedNanos) {
        waitNanos = waitNanos == 0 ? firstNanos : Math.min(2 * waitNanos, mostNanos);
        nextNanos = now + Math.min(Math.max(waitNanos, wantedNanos), mostNanos);
    }

    /** Whether it is too early, at this time. */
    boolean waits(long now) {
        return waitNanos != 0 && nextNanos - now > 0;
    }
}
