package headgate.filters.json;

import java.util.Arrays;

/** The places of the texts that a model would read, in the order of the body. */
final class TextSpans {
    private static final int FIRST_ROOM = 8;

    private final int countMax;
    private long[] starts;
    private long[] ends;
    private int[] contexts;
    private int count;
    private long bytes;
    private long characters;
    private long tokens;

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
        characters = 0;
        tokens = 0;
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

    /** The text that is open ends; so many of its bytes are not a character's first. */
    void close(long end, long surplus) {
        ends[count - 1] = end;
        if (TextRule.isSpeaker(contexts[count - 1])) {
            return;
        }
        long length = end - starts[count - 1];
        bytes += length;
        characters += length - surplus;
    }

    /** A number stands where a text could: a token's number, in a prompt that comes as tokens. */
    void number() {
        tokens++;
    }

    /** The texts from {@code first} on turn out to be the system's or a tool's. */
    void areSaidBy(TextKind speaker, int first) {
        for (int i = first; i < count; i++) {
            contexts[i] = TextRule.saidBy(speaker, contexts[i]);
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
        int context = contexts[require(i)];
        return TextRule.isSpeaker(context) ? TextKind.ROLE : TextRule.kind(context);
    }

    long bytes() {
        return bytes;
    }

    long characters() {
        return characters;
    }

    long tokens() {
        return tokens;
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
