package headgate.filters.quota;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this node has booked of one shared limit, and what Redis does not know yet.
 *
 * <p>Safe for all threads; it is looked at for each request to Redis, and for what is settled after its loan is over.
 */
final class LoanBook {
    /** Cell to what Redis is still to be told: above 0 used beyond what was lent, below 0 lent and not used. */
    private Map<Long, Long> pending = new HashMap<>();
    /** Cell to what Redis has booked there for this node. */
    private final TreeMap<Long, Long> booked = new TreeMap<>();

    /** Something was used beyond what was lent, or (below 0) lent and not used. */
    synchronized void correct(long cell, long delta) {
        if (delta != 0) {
            pending.merge(cell, delta, Long::sum);
        }
    }

    synchronized boolean hasPending() {
        return !pending.isEmpty();
    }

    /** The newest cell in which Redis has something booked for this node; {@link Long#MIN_VALUE} when there is none. */
    synchronized long newest() {
        return booked.isEmpty() ? Long.MIN_VALUE : booked.lastKey();
    }

    /** Takes out what Redis is to be told. */
    synchronized Map<Long, Long> takePending() {
        Map<Long, Long> taken = pending;
        pending = new HashMap<>();
        return taken;
    }

    /** Redis has it now. */
    synchronized void told(Map<Long, Long> corrections, long cell, long lent, long oldestCell) {
        corrections.forEach((at, delta) -> booked.merge(at, delta, Long::sum));
        if (lent > 0) {
            booked.merge(cell, lent, Long::sum);
        }
        booked.headMap(oldestCell).clear();
    }

    /**
     * Whether Redis has it is not known: what was used is told once more, which may count it twice; what was given back is
     * not, since it must not be given back twice.
     */
    synchronized void untold(Map<Long, Long> corrections) {
        corrections.forEach((at, delta) -> {
            if (delta > 0) {
                pending.merge(at, delta, Long::sum);
            }
        });
    }

    /** Redis has lost all of it: it is to be told anew, with what it was to be told now. */
    synchronized Map<Long, Long> anew(Map<Long, Long> corrections) {
        Map<Long, Long> all = new HashMap<>(booked);
        corrections.forEach((at, delta) -> all.merge(at, delta, Long::sum));
        booked.clear();
        all.values().removeIf(amount -> amount <= 0);
        return all;
    }
}
