package headgate.filters.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The places of the top-level members, in the order of the body, with their names. */
final class MemberSpans {
    static final int COUNT_MAX = 1024;
    static final int NAME_BYTES_MAX = 16 * 1024;

    static final String NAMES_TOO_LONG =
            "the top-level names together are longer than " + NAME_BYTES_MAX + " bytes, expected shorter ones";

    /** Little, since a stream keeps its scanner for as long as it is open; a scanner that needed more keeps it. */
    private static final int FIRST_ROOM = 8;

    private long[] starts = new long[FIRST_ROOM];
    private long[] ends = new long[FIRST_ROOM];
    private int[] nameEnds = new int[FIRST_ROOM];
    private @Nullable String[] names = new @Nullable String[FIRST_ROOM];
    private byte[] nameBytes = new byte[FIRST_ROOM * 16];
    private int count;
    private int nameRoom = NAME_BYTES_MAX;

    void reset() {
        count = 0;
        nameRoom = NAME_BYTES_MAX;
    }

    /** Returns how long the next name may be, as it is written in the body. */
    int requireRoom(long offset) throws JsonException {
        if (count == COUNT_MAX) {
            throw new JsonException(offset, "more than " + COUNT_MAX + " top-level members, expected fewer");
        }
        return nameRoom;
    }

    void open(long start, byte[] bytes, int bytesFrom, int bytesTo, long lengthWritten) {
        if (count == starts.length) {
            grow();
        }
        int from = nameStart(count);
        int to = from + bytesTo - bytesFrom;
        if (to > nameBytes.length) {
            nameBytes = Arrays.copyOf(nameBytes, Math.min(NAME_BYTES_MAX, Math.max(to, nameBytes.length * 2)));
        }
        System.arraycopy(bytes, bytesFrom, nameBytes, from, to - from);
        nameRoom -= (int) lengthWritten;
        starts[count] = start;
        ends[count] = -1;
        nameEnds[count] = to;
        if (!named(count, from, to)) {
            names[count] = null;
        }
        count++;
    }

    void close(long end) {
        ends[count - 1] = end;
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

    String name(int i) {
        String name = names[require(i)];
        if (name == null) {
            int from = nameStart(i);
            name = new String(nameBytes, from, nameEnds[i] - from, StandardCharsets.UTF_8);
            names[i] = name;
        }
        return name;
    }

    /** Bodies resemble each other: a name that stood in the same place before is not built again. */
    private boolean named(int i, int from, int to) {
        String before = names[i];
        if (before == null || before.length() != to - from) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (nameBytes[at] != before.charAt(at - from)) {
                return false;
            }
        }
        return true;
    }

    private int nameStart(int i) {
        return i == 0 ? 0 : nameEnds[i - 1];
    }

    private int require(int i) {
        if (i >= count) {
            throw new IndexOutOfBoundsException("member " + i + " of " + count);
        }
        return i;
    }

    private void grow() {
        int room = Math.min(COUNT_MAX, count * 2);
        starts = Arrays.copyOf(starts, room);
        ends = Arrays.copyOf(ends, room);
        nameEnds = Arrays.copyOf(nameEnds, room);
        names = Arrays.copyOf(names, room);
    }
}
