package headgate.filters.content.judge;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps a service that fails from being asked for everything: a few failures in a row, and only a probe passes now and then. */
final class Breaker {
    static final int FAILURES_MAX = 5;
    static final long PROBE_NANOS = 1_000_000_000L;

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextNanos = new AtomicLong();

    /** Whether the service may be asked now; a yes while it fails is for this one call. */
    boolean passes(long nowNanos) {
        if (failures.get() < FAILURES_MAX) {
            return true;
        }
        long next = nextNanos.get();
        return nowNanos - next >= 0 && nextNanos.compareAndSet(next, nowNanos + PROBE_NANOS);
    }

    /** It has answered; true when it had failed before. */
    boolean succeeded() {
        return failures.get() > 0 && failures.getAndSet(0) > 0;
    }

    /** It has failed; true the first time. */
    boolean failed(long nowNanos) {
        int count = failures.incrementAndGet();
        if (count == FAILURES_MAX) {
            nextNanos.set(nowNanos + PROBE_NANOS);
        }
        return count == 1;
    }
}
