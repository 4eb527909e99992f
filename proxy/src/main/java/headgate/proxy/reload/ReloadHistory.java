package headgate.proxy.reload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How often the configuration was read again, and what came of the last times; safe for all threads. */
public final class ReloadHistory {
    private static final int KEPT_MAX = 20;

    private final Deque<ReloadOutcome> last = new ArrayDeque<>();
    private long applied;
    private long refused;

    /** Adds one that is over. */
    synchronized void add(ReloadOutcome reload) {
        if (reload.applied()) {
            applied++;
        } else {
            refused++;
        }
        last.addFirst(reload);
        if (last.size() > KEPT_MAX) {
            last.removeLast();
        }
    }

    /** The last times, the latest first. */
    public synchronized List<ReloadOutcome> last() {
        return List.copyOf(last);
    }

    /** How many came into force. */
    public synchronized long applied() {
        return applied;
    }

    /** How many were refused. */
    public synchronized long refused() {
        return refused;
    }
}
