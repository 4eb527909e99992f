package headgate.proxy.loop;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All deadlines of one event loop, looked at ten times a second.
 *
 * <p>Moving a deadline is one assignment, which matters because almost every read moves one. A deadline is met late by at
 * most {@link #TICK_MS}.
 */
public final class Deadlines {
    /** How often deadlines are looked at, in milliseconds. */
    public static final long TICK_MS = 100;

    /** Something that must happen in time. Belongs to the loop of its {@link Deadlines}. */
    public abstract static class Timed {
        private static final long NONE = Long.MAX_VALUE;

        private long deadlineNanos = NONE;
        private int place = -1;

        /** For those who wait. */
        protected Timed() {}

        /** The deadline has passed; it is cleared before this is called. */
        protected abstract void expired(long nowNanos);

        /** Sets the deadline, as a {@link System#nanoTime()}. */
        public final void deadline(long nanos) {
            deadlineNanos = nanos == NONE ? nanos - 1 : nanos;
        }

        /** Waits for nothing until another deadline is set. */
        public final void clearDeadline() {
            deadlineNanos = NONE;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final EventLoop loop;
    private final List<Timed> all = new ArrayList<>();
    private @Nullable Runnable ticking;

    /** The deadlines of this loop. */
    public Deadlines(EventLoop loop) {
        this.loop = loop;
    }

    /** Looks after this one from now on. */
    public void add(Timed timed) {
        assert loop.inEventLoop();
        timed.place = all.size();
        all.add(timed);
        if (ticking == null) {
            ticking = this::tick;
            loop.schedule(ticking, TICK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks after this one no longer. */
    public void remove(Timed timed) {
        assert loop.inEventLoop();
        if (timed.place >= 0) {
            Timed last = all.remove(all.size() - 1);
            if (last != timed) {
                all.set(timed.place, last);
                last.place = timed.place;
            }
            timed.place = -1;
        }
    }

    private void tick() {
        try {
            expire(System.nanoTime());
        } finally {
            if (all.isEmpty() || ticking == null) {
                ticking = null;
            } else {
                loop.schedule(ticking, TICK_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Whoever fails at its end must not keep the others from theirs. */
    private void expire(long now) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (i < all.size()) {
                Timed timed = all.get(i);
                if (timed.deadlineNanos != Timed.NONE && now - timed.deadlineNanos >= 0) {
                    timed.deadlineNanos = Timed.NONE;
                    try {
                        timed.expired(now);
                    } catch (RuntimeException e) {
                        LOG.warn("A time limit was not kept, by a defect", e);
                    }
                }
            }
        }
    }
}
