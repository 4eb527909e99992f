package headgate.proxy.telemetry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How often the configuration was read again, and what came of the last times; safe for all threads. */
public final class ReloadHistory {
    private static final int KEPT_MAX = 20;

    /**
     * One time.
     *
     * @param problems what was wrong, as {@code check} says it; empty when it came into force
     */
    public record Reload(Instant at, List<String> problems) {
        /** Whether it came into force. */
        public boolean applied() {
            return problems.isEmpty();
        }
    }

    private final Deque<Reload> last = new ArrayDeque<>();
    private long applied;
    private long refused;

    /** Adds one that is over. */
    public synchronized void add(Reload reload) {
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

    /** The last times, the newest first. */
    public synchronized List<Reload> last() {
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
