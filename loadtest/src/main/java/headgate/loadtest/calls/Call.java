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

    /** When the first byte of its answer, its first event and its last one came, on the same clock; 0 before. */
    long firstByteNanos;

    long firstEventNanos;
    long lastEventNanos;

    /** Bytes of its answer that a slow reader has not given back to the target's window yet. */
    int withheldBytes;

    /** Further attempts, made because of an answer or for want of a connection. */
    int retries;

    /** How often it was sent anew since the target ended the connection, or the stream, that it was to be answered on. */
    int resent;

    boolean ended;
    AnswerReader answer;

    /** What it is under way on; null while it waits. */
    @Nullable
    CallCarrier carrier;

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

    /** Forgets what came of an attempt that is to be made again. */
    void again() {
        answer = new AnswerReader(mark);
        firstByteNanos = 0;
        firstEventNanos = 0;
        lastEventNanos = 0;
        withheldBytes = 0;
        leftCarrier();
    }

    /** It is under way no more; only its time-out goes on. */
    void leftCarrier() {
        carrier = null;
        if (abort != null) {
            abort.cancel(false);
        }
    }

    void end() {
        ended = true;
        leftCarrier();
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
