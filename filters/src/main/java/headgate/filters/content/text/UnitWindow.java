package headgate.filters.content.text;

import java.util.Arrays;

/** The last units of a text, as far as they are still looked at, with their places. */
final class UnitWindow {
    private static final int FIRST_ROOM = 64;

    private int[] units = new int[FIRST_ROOM];
    private long[] starts = new long[FIRST_ROOM];
    private long[] ends = new long[FIRST_ROOM];
    private int size;
    private boolean missed;

    void clear() {
        size = 0;
    }

    void add(int unit, long start, long end) {
        if (size == units.length) {
            units = Arrays.copyOf(units, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        units[size] = unit;
        starts[size] = start;
        ends[size++] = end;
    }

    int size() {
        return size;
    }

    /** A unit; 0 in front of the first, and behind the last, which is remembered. */
    int at(int i) {
        if (i >= size) {
            missed = true;
            return 0;
        }
        return i < 0 ? 0 : units[i];
    }

    long start(int i) {
        return starts[i];
    }

    long end(int i) {
        return ends[i];
    }

    /** Whether somebody has looked behind the last one since this was last asked. */
    boolean missed() {
        boolean now = missed;
        missed = false;
        return now;
    }

    /** Forgets the first ones. */
    void drop(int count) {
        System.arraycopy(units, count, units, 0, size - count);
        System.arraycopy(starts, count, starts, 0, size - count);
        System.arraycopy(ends, count, ends, 0, size - count);
        size -= count;
    }
}
