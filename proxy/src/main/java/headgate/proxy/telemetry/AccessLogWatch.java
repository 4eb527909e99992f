package headgate.proxy.telemetry;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns when access lines are lost, or about to be, and why; not more than once in a while.
 *
 * <p>On a thread of its own, since the one that writes may be the one that is stuck.
 */
final class AccessLogWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogWatch.class);
    private static final long LOOK_MS = 500;
    /** Looks from one warning to the next: a minute. */
    static final int LOOKS_APART = 120;

    private final LongSupplier writing;
    private final LongSupplier dropped;
    private final Supplier<@Nullable String> trouble;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("access-log-watch", true));

    private long seen;
    private long told;
    private int pause;

    /**
     * Looks at nothing yet.
     *
     * @param writing which page is being written, 0 for none
     * @param dropped lines that are lost so far
     * @param trouble why, as far as the target knows
     */
    AccessLogWatch(LongSupplier writing, LongSupplier dropped, Supplier<@Nullable String> trouble) {
        this.writing = writing;
        this.dropped = dropped;
        this.trouble = trouble;
    }

    /** Looks from now on. */
    void start() {
        thread.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /** A page that was being written at the last look already is stuck. */
    void look() {
        long page = writing.getAsLong();
        boolean stuck = page != 0 && page == seen;
        seen = page;
        if (pause > 0) {
            pause--;
        } else if (stuck || dropped.getAsLong() > told) {
            pause = LOOKS_APART - 1;
            tell(stuck ? "what they go to does not take them" : "what they go to is too slow");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (dropped.getAsLong() > told) {
            tell("what they went to did not take them");
        }
    }

    private void tell(String guess) {
        String why = trouble.get();
        told = dropped.getAsLong();
        LOG.warn("Access lines wait, and {} were dropped so far: {}", told, why == null ? guess : why);
    }
}
