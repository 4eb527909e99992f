package headgate.loadtest.calls;

import headgate.loadtest.measure.Outcome;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.util.Random;

/** Decides whether a call is tried again, and when: as the target advises, else after a time that doubles, with some chance in it. */
final class Retries {
    static final long NONE = -1;

    private static final long FIRST_NANOS = 100_000_000;
    private static final int DOUBLINGS_MAX = 6;

    private final int retriesMax;
    private final boolean heed;
    private final long timeoutNanos;
    private final Random jitter;

    Retries(Scenario scenario, long seed) {
        retriesMax = scenario.count(Key.RETRIES);
        heed = scenario.flag(Key.HEED);
        timeoutNanos = scenario.nanos(Key.TIMEOUT);
        jitter = new Random(seed);
    }

    /** How long to wait before the next attempt; {@link #NONE} if there is none, as when the wait would pass the time-out. */
    long waitNanos(Call call, Outcome outcome, long now) {
        if (call.retries >= retriesMax || !worth(call, outcome)) {
            return NONE;
        }
        long wait = heeds(call) ? call.answer.retryAfterNanos : ownNanos(call.retries);
        return now + wait - call.intendedNanos < timeoutNanos ? wait : NONE;
    }

    /** Whether its target's advice is what it waits for. */
    boolean heeds(Call call) {
        return heed && call.answer.retryAfterNanos != RetryAfter.NONE;
    }

    private static boolean worth(Call call, Outcome outcome) {
        return outcome == Outcome.CONNECT
                || (outcome == Outcome.STATUS && (call.answer.status == 429 || call.answer.status >= 500));
    }

    /** From half of the doubled time to half as much again, so that callers refused together do not come back together. */
    private long ownNanos(int retries) {
        return (long) ((FIRST_NANOS << Math.min(DOUBLINGS_MAX, retries)) * (0.5 + jitter.nextDouble()));
    }
}
