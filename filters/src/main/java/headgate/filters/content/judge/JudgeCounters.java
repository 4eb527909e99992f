package headgate.filters.content.judge;

import java.util.concurrent.atomic.LongAdder;

/** What became of the questions to one judge, since it was made. */
public final class JudgeCounters {
    final LongAdder asked = new LongAdder();
    final LongAdder remembered = new LongAdder();
    final LongAdder failed = new LongAdder();

    JudgeCounters() {}

    /** Calls of the service. */
    public long asked() {
        return asked.sum();
    }

    /** Texts whose verdict was known already. */
    public long remembered() {
        return remembered.sum();
    }

    /** Calls that gave no verdict. */
    public long failed() {
        return failed.sum();
    }
}
