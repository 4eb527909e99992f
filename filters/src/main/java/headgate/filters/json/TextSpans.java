package headgate.filters.json;

import java.util.Arrays;

/** The places of the texts that a model would read, in the order of the body. */
final class TextSpans {
    private static final int FIRST_ROOM = 32;

    private final int countMax;
    private long[] starts;
    private long[] ends;
    private int[] contexts;
    private int count;
    private long bytes;

    TextSpans(int countMax) {
        this.countMax = countMax;
        int room = Math.min(countMax, FIRST_ROOM);
        this.starts = new long[room];
        this.ends = new long[room];
        this.contexts = new int[room];
    }

    void reset() {
        count = 0;
        bytes = 0;
    }

    void open(int context, long start) throws JsonException {
        if (count == starts.length) {
            grow(start);
        }
        starts[count] = start;
        ends[count] = -1;
        contexts[count] = context;
        count++;
    }

    void close(long end) {
        ends[count - 1] = end;
        bytes += end - starts[count - 1];
    }

    /** The texts from {@code first} on turn out to be the system's. */
    void areOfSystem(int first) {
        for (int i = first; i < count; i++) {
            contexts[i] = TextRule.ofSystem(contexts[i]);
        }
    }

    int count() {
        return count;
    }

    long start(int i) {
        return starts[require(i)];
    }

    long end(int i) {
        return ends[require(i)];
    }

    TextKind kind(int i) {
        return TextRule.kind(contexts[require(i)]);
    }

    long bytes() {
        return bytes;
    }

    private int require(int i) {
        if (i >= count) {
            throw new IndexOutOfBoundsException("text " + i + " of " + count);
        }
        return i;
    }

    private void grow(long offset) throws JsonException {
        if (count == countMax) {
            throw new JsonException(offset, "more than " + countMax + " texts, expected fewer");
        }
        int room = (int) Math.min(countMax, count * 2L);
        starts = Arrays.copyOf(starts, room);
        ends = Arrays.copyOf(ends, room);
        contexts = Arrays.copyOf(contexts, room);
    }
}
