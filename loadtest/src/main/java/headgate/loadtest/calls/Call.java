package headgate.loadtest.calls;

import headgate.loadtest.scenario.Arrival;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One call with what is known of it; belongs to its lane. */
final class Call {
    final Arrival arrival;

    /** When it was to begin, on the clock of {@link System#nanoTime}; all its times count from here. */
    final long intendedNanos;

    /** False in the warm-up. */
    final boolean measured;

    /** What its prompt begins with, and its answer repeats. */
    final String mark;

    final boolean slow;

    /** How long after it was sent its caller leaves; negative if the caller stays. */
    final long abortNanos;

    /** When its last event came, on the same clock; 0 before. */
    long lastEventNanos;

    int attempts;
    boolean ended;
    AnswerReader answer;

    @Nullable
    Future<?> timeout;

    @Nullable
    Future<?> abort;

    Call(Arrival arrival, long intendedNanos, boolean measured, String mark, boolean slow, long abortNanos) {
        this.arrival = arrival;
        this.intendedNanos = intendedNanos;
        this.measured = measured;
        this.mark = mark;
        this.slow = slow;
        this.abortNanos = abortNanos;
        this.answer = new AnswerReader(mark);
    }

    /** Forgets the answer of an attempt that is to be made again. */
    void again() {
        attempts++;
        answer = new AnswerReader(mark);
    }

    void stopTimers() {
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (abort != null) {
            abort.cancel(false);
        }
    }
}
