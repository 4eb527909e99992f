package headgate.filters.content.judge;

import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the questions to one judge, since it was made.
 *
 * <p>A text (or a piece of a long one) counts once for each question it is part of, when it is decided, or known that nobody will.
 */
public final class JudgeCounters {
    final LongAdder answered = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder judged = new LongAdder();
    final LongAdder remembered = new LongAdder();
    final LongAdder unjudged = new LongAdder();

    JudgeCounters() {}

    /** Calls of the service that gave verdicts. */
    public long answered() {
        return answered.sum();
    }

    /** Calls of the service that gave none. */
    public long failed() {
        return failed.sum();
    }

    /** Texts whose verdict a call gave. */
    public long judged() {
        return judged.sum();
    }

    /** Texts whose verdict was known already. */
    public long remembered() {
        return remembered.sum();
    }

    /** Texts without a verdict: their call failed, or none was made since others failed or too many waited. */
    public long unjudged() {
        return unjudged.sum();
    }
}
