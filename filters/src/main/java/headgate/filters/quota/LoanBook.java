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
    /** From here on up to 0 are the numbers of cells while nobody has said yet which cell is in progress. */
    static final long UNPLACED = Long.MIN_VALUE / 2;

    /** Cell to what Redis is still to be told: above 0 used beyond what was lent, below 0 lent and not used. */
    private final TreeMap<Long, Long> pending = new TreeMap<>();
    /** Cell to what Redis has booked there for this node. */
    private final TreeMap<Long, Long> booked = new TreeMap<>();
    /** Cell to what was given back (below 0), of which nobody knows whether Redis has heard it. */
    private final TreeMap<Long, Long> uncertain = new TreeMap<>();

    private boolean placed;
    /** The cell of Redis that {@link #UNPLACED} was. */
    private long first;

    /** Something was used beyond what was lent, or (below 0) lent and not used. What counts no more is forgotten. */
    synchronized void correct(long cell, long delta) {
        add(pending, cell < 0 && placed ? cell - UNPLACED + first : cell, delta);
        if (!pending.isEmpty()) {
            pending.headMap(pending.lastKey() - SharedMeter.CELLS).clear();
        }
    }

    /**
     * It is known now which cell of Redis was in progress.
     *
     * @param cell that in progress, than which none is newer
     * @param begin the one that was in progress when {@link #UNPLACED} was
     */
    synchronized void place(long cell, long begin) {
        if (!placed) {
            placed = true;
            first = begin;
            Map<Long, Long> before = new HashMap<>(pending);
            pending.clear();
            before.forEach((at, delta) -> add(pending, Math.min(cell, at - UNPLACED + begin), delta));
        }
    }

    synchronized boolean hasPending() {
        return !pending.isEmpty();
    }

    /** The newest cell in which this node has something booked; {@link Long#MIN_VALUE} when there is none. */
    synchronized long newest() {
        long newest = booked.isEmpty() ? Long.MIN_VALUE : booked.lastKey();
        for (Map.Entry<Long, Long> used : pending.descendingMap().entrySet()) {
            if (placed && used.getValue() > 0) {
                return Math.max(newest, used.getKey());
            }
        }
        return newest;
    }

    /** Takes out what Redis is to be told. */
    synchronized Map<Long, Long> takePending() {
        if (!placed) {
            return Map.of();
        }
        Map<Long, Long> taken = new HashMap<>(pending);
        pending.clear();
        return taken;
    }

    /** Redis has it now. */
    synchronized void told(Map<Long, Long> corrections, long cell, long lent) {
        addAll(booked, corrections);
        add(booked, cell, Math.max(0, lent));
        booked.headMap(cell - SharedMeter.CELLS).clear();
        uncertain.headMap(cell - SharedMeter.CELLS).clear();
    }

    /** Redis was not told. */
    synchronized void untold(Map<Long, Long> corrections) {
        addAll(pending, corrections);
    }

    /**
     * Whether Redis has it is not known: what was used is told once more, which may count it twice; what was given back is
     * not, since it must not be given back twice.
     */
    synchronized void doubted(Map<Long, Long> corrections) {
        corrections.forEach((at, delta) -> add(delta > 0 ? pending : uncertain, at, delta));
    }

    /** It was doubted, and Redis has it all the same; what it has lent comes too late to be used. */
    synchronized void toldLate(Map<Long, Long> corrections, long cell, long lent) {
        undoubt(corrections);
        told(corrections, cell, lent);
        add(pending, cell, -Math.max(0, lent));
    }

    /** It was doubted, and Redis does not have it. */
    synchronized void untoldLate(Map<Long, Long> corrections) {
        undoubt(corrections);
        untold(corrections);
    }

    /** Redis has lost all of it: it is to be told anew, with what it was to be told now. */
    synchronized Map<Long, Long> anew(Map<Long, Long> corrections) {
        TreeMap<Long, Long> all = new TreeMap<>(booked);
        addAll(all, corrections);
        addAll(all, uncertain);
        addAll(all, takePending());
        booked.clear();
        uncertain.clear();
        all.values().removeIf(amount -> amount <= 0);
        return all;
    }

    private void undoubt(Map<Long, Long> corrections) {
        corrections.forEach((at, delta) -> add(delta > 0 ? pending : uncertain, at, -delta));
    }

    private static void addAll(Map<Long, Long> to, Map<Long, Long> amounts) {
        amounts.forEach((cell, amount) -> add(to, cell, amount));
    }

    private static void add(Map<Long, Long> to, long cell, long amount) {
        to.merge(cell, amount, Long::sum);
        to.remove(cell, 0L);
    }
}
