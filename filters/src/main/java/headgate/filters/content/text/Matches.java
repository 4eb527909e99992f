package headgate.filters.content.text;

import headgate.filters.content.TextRule;
import java.util.Arrays;

/** What was found in one text, ordered by its beginning. */
final class Matches {
    /** Above, the last match grows instead, so that a text full of matches costs no more memory. */
    static final int COUNT_MAX = 65_536;

    private static final int FIRST_ROOM = 8;

    private long[] starts = new long[FIRST_ROOM];
    private long[] ends = new long[FIRST_ROOM];
    private TextRule[] rules = new TextRule[FIRST_ROOM];
    private int count;

    void clear() {
        Arrays.fill(rules, 0, count, null);
        count = 0;
    }

    int count() {
        return count;
    }

    long start(int i) {
        return starts[i];
    }

    long end(int i) {
        return ends[i];
    }

    TextRule rule(int i) {
        return rules[i];
    }

    /** Adds a match; it becomes one with those of the same rule that it overlaps. */
    void add(TextRule rule, long start, long end) {
        long from = start;
        long to = end;
        for (int i = count - 1; i >= 0 && !isFarBefore(i, from); i--) {
            if (rules[i].equals(rule) && starts[i] < to && ends[i] > from) {
                from = Math.min(from, starts[i]);
                to = Math.max(to, ends[i]);
                remove(i);
            }
        }
        if (count == COUNT_MAX) {
            ends[count - 1] = Math.max(ends[count - 1], to);
            return;
        }
        insert(rule, from, to);
    }

    /** Matches that overlap are found within a word or an expression of each other; what is long before is not looked at. */
    private boolean isFarBefore(int i, long start) {
        return start - starts[i] > 1 << 20;
    }

    private void insert(TextRule rule, long start, long end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            rules = Arrays.copyOf(rules, count * 2);
        }
        int at = count++;
        for (; at > 0 && starts[at - 1] > start; at--) {
            move(at - 1, at);
        }
        starts[at] = start;
        ends[at] = end;
        rules[at] = rule;
    }

    private void remove(int i) {
        count--;
        for (int at = i; at < count; at++) {
            move(at + 1, at);
        }
    }

    private void move(int from, int to) {
        starts[to] = starts[from];
        ends[to] = ends[from];
        rules[to] = rules[from];
    }
}
