package headgate.proxy.tracing;

import java.util.concurrent.atomic.LongAdder;

/** What became of the traced exchanges, since the process started. */
public final class TraceCounters {
    final LongAdder sent = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder dropped = new LongAdder();

    TraceCounters() {}

    /** That the collector took. */
    public long sent() {
        return sent.sum();
    }

    /** That the collector did not take, or was not there to take. */
    public long failed() {
        return failed.sum();
    }

    /** For which there was no room to wait. */
    public long dropped() {
        return dropped.sum();
    }
}
