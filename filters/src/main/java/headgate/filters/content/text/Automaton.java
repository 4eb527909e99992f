package headgate.filters.content.text;

import java.util.Arrays;
import java.util.List;

/**
 * Finds any number of words in one pass (Aho and Corasick, 1975).
 *
 * <p>A state is the longest end of what was read that begins a word. Transitions lie in one hash table, since there are many
 * letters, and few of them follow. Immutable.
 */
final class Automaton {
    static final int ROOT = 0;

    private static final int NONE = -1;
    private static final int SYMBOL_BITS = 21;

    private long[] keys = new long[64];
    private int[] targets = new int[64];
    private int states = 1;

    private final int[] depths;
    private final int[] fails;
    /** The word that ends in a state; of the same words, the first. */
    private final int[] words;
    /** The next shorter end of what was read in which a word ends, too. */
    private final int[] shorter;

    /** For words by their symbols, none of them empty. */
    Automaton(List<int[]> written) {
        int room = 1 + written.stream().mapToInt(word -> word.length).sum();
        int[] parents = new int[room];
        int[] symbols = new int[room];
        int[] depth = new int[room];
        int[] word = new int[room];
        Arrays.fill(keys, NONE);
        Arrays.fill(word, NONE);
        for (int w = 0; w < written.size(); w++) {
            int state = ROOT;
            for (int symbol : written.get(w)) {
                int next = find(state, symbol);
                if (next == NONE) {
                    next = states++;
                    put(state, symbol, next);
                    parents[next] = state;
                    symbols[next] = symbol;
                    depth[next] = depth[state] + 1;
                }
                state = next;
            }
            word[state] = word[state] == NONE ? w : word[state];
        }
        depths = Arrays.copyOf(depth, states);
        words = Arrays.copyOf(word, states);
        fails = new int[states];
        shorter = new int[states];
        for (int state : byDepth()) {
            if (depths[state] > 1) {
                fails[state] = next(fails[parents[state]], symbols[state]);
            }
            int fail = fails[state];
            shorter[state] = words[fail] == NONE ? shorter[fail] : fail;
        }
    }

    /** The state after one more symbol. */
    int next(int state, int symbol) {
        int from = state;
        while (true) {
            int target = find(from, symbol);
            if (target != NONE) {
                return target;
            }
            if (from == ROOT) {
                return ROOT;
            }
            from = fails[from];
        }
    }

    /** How many symbols the state stands for. */
    int depth(int state) {
        return depths[state];
    }

    /** The state, or the next shorter one, in which a word ends; the root when none does. */
    int firstEnding(int state) {
        return words[state] == NONE ? shorter[state] : state;
    }

    /** The next shorter one of those; the root when none is left. */
    int nextEnding(int state) {
        return shorter[state];
    }

    /** The word that ends in a state that {@link #firstEnding} or {@link #nextEnding} gave. */
    int word(int state) {
        return words[state];
    }

    private int[] byDepth() {
        int[] order = new int[states];
        int[] ends = new int[Arrays.stream(depths).max().orElse(0) + 2];
        for (int depth : depths) {
            ends[depth + 1]++;
        }
        for (int i = 1; i < ends.length; i++) {
            ends[i] += ends[i - 1];
        }
        for (int state = 0; state < states; state++) {
            order[ends[depths[state]]++] = state;
        }
        return order;
    }

    private int find(int state, int symbol) {
        long key = (long) state << SYMBOL_BITS | symbol;
        int mask = keys.length - 1;
        int slot = slot(key, mask);
        while (keys[slot] != key) {
            if (keys[slot] == NONE) {
                return NONE;
            }
            slot = (slot + 1) & mask;
        }
        return targets[slot];
    }

    private void put(int state, int symbol, int target) {
        if (states * 2 > keys.length) {
            grow();
        }
        insert((long) state << SYMBOL_BITS | symbol, target);
    }

    private void insert(long key, int target) {
        int mask = keys.length - 1;
        int slot = slot(key, mask);
        while (keys[slot] != NONE) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        targets[slot] = target;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldTargets = targets;
        keys = new long[oldKeys.length * 2];
        targets = new int[keys.length];
        Arrays.fill(keys, NONE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                insert(oldKeys[i], oldTargets[i]);
            }
        }
    }

    private static int slot(long key, int mask) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 40 ^ mixed >>> 20) & mask;
    }
}
