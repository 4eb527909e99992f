package headgate.filters;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for lately, bounded.
 *
 * <p>It stands in two halves: when the young one is full, the old one goes, and the young one takes its place; whoever is
 * asked for moves to the young one. Shared by all event loops: looking up takes no lock, and remembering a short one, once
 * for each entry and half.
 */
public final class RecentMap<K, V> {
    private record Halves<K, V>(Map<K, V> young, Map<K, V> old) {}

    private final int half;
    private volatile Halves<K, V> halves = new Halves<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    /**
     * Remembers nothing yet.
     *
     * @param max how many at most; with 0 none are
     */
    public RecentMap(int max) {
        half = max / 2;
    }

    /** What is remembered of this one; null when nothing is. */
    public @Nullable V find(K key) {
        Halves<K, V> now = halves;
        V young = now.young.get(key);
        if (young != null) {
            return young;
        }
        V old = now.old.get(key);
        if (old != null) {
            add(key, old);
        }
        return old;
    }

    /** Remembers it, in place of what was remembered of this one. */
    public synchronized void add(K key, V value) {
        if (half == 0) {
            return;
        }
        if (halves.young.size() >= half) {
            halves = new Halves<>(new ConcurrentHashMap<>(), halves.young);
        }
        halves.young.put(key, value);
    }

    /** Forgets this one. */
    public synchronized void remove(K key) {
        halves.young.remove(key);
        halves.old.remove(key);
    }

    /** How many are remembered; one that stands in both halves counts twice. */
    public int size() {
        Halves<K, V> now = halves;
        return now.young.size() + now.old.size();
    }
}
