package headgate.filters.content.completion;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into its server-sent events; each has all its bytes, with the empty line that ends it.
 *
 * <p>Lines end in LF, CR LF or CR. An LF that comes late behind a CR is an event of its own, without data.
 */
final class EventCutter {
    private static final int FIRST_ROOM = 512;
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private byte[] bytes = new byte[FIRST_ROOM];
    private int start;
    private int read;
    private int lineStart;
    private int end;

    /** Takes all readable bytes of a part, which stays the caller's. */
    void add(ByteBuf part) {
        int more = part.readableBytes();
        if (end + more > bytes.length) {
            byte[] room = end - start + more > bytes.length
                    ? new byte[Math.max(bytes.length * 2, end - start + more)]
                    : bytes;
            System.arraycopy(bytes, start, room, 0, end - start);
            bytes = room;
            read -= start;
            lineStart -= start;
            end -= start;
            start = 0;
        }
        part.getBytes(part.readerIndex(), bytes, end, more);
        end += more;
    }

    /** How many bytes are no whole event yet. */
    int waiting() {
        return end - start;
    }

    /** The next whole event; null when there is none. */
    byte @Nullable [] next() {
        while (read < end) {
            int at = read++;
            byte b = bytes[at];
            if (b == '\n' && at > start && bytes[at - 1] == '\r') {
                lineStart = read;
            } else if (b == '\n' || b == '\r') {
                boolean empty = at == lineStart;
                lineStart = read;
                if (empty) {
                    if (b == '\r' && read < end && bytes[read] == '\n') {
                        read++;
                    }
                    return take(read);
                }
            }
        }
        return null;
    }

    /** What the stream ended with; null when it ended with a whole event. */
    byte @Nullable [] rest() {
        return waiting() == 0 ? null : take(end);
    }

    private byte[] take(int to) {
        byte[] event = Arrays.copyOfRange(bytes, start, to);
        start = to;
        read = to;
        lineStart = to;
        return event;
    }

    /** What an event's data lines say, at the same offsets, with blanks for all else; null when they say nothing. */
    static byte @Nullable [] data(byte[] event) {
        byte[] data = new byte[event.length];
        Arrays.fill(data, (byte) ' ');
        boolean says = false;
        int from = startsWith(event, 0, MARK) ? MARK.length : 0;
        while (from < event.length) {
            int to = from;
            while (to < event.length && event[to] != '\n' && event[to] != '\r') {
                to++;
            }
            if (startsWith(event, from, DATA)) {
                System.arraycopy(event, from + DATA.length, data, from + DATA.length, to - from - DATA.length);
                says |= to > from + DATA.length;
            }
            from = to + 1;
        }
        return says ? data : null;
    }

    private static boolean startsWith(byte[] event, int from, byte[] word) {
        return from + word.length <= event.length
                && Arrays.equals(event, from, from + word.length, word, 0, word.length);
    }
}
