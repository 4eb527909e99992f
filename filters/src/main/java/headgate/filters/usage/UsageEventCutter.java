package headgate.filters.usage;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes the usage event out of a stream of server-sent events and lets every other byte pass as it came.
 *
 * <p>The event is the one that has a usage object and empty {@code choices}. Whole events pass with the burst they came in;
 * the beginning of one that is not complete is <em>kept</em> until it is, up to a bound that no usage event reaches.
 */
final class UsageEventCutter {
    private static final int HELD_BYTES_MAX = 16 * 1024;
    private static final int LINE_ENDS_MAX = 3;
    private static final byte[] CHOICES = "\"choices\"".getBytes(StandardCharsets.US_ASCII);

    private final UsageReader reader;
    private @Nullable ByteBuf held;

    UsageEventCutter(UsageReader reader) {
        this.reader = reader;
    }

    /**
     * Cuts what is to be cut.
     *
     * @param part passed to this method
     * @return what may go on, possibly empty; passed to the caller
     */
    ByteBuf cut(ByteBuf part) {
        ByteBuf all = part;
        if (held != null) {
            all = part.alloc().directBuffer(held.readableBytes() + part.readableBytes());
            all.writeBytes(held).writeBytes(part);
            part.release();
            release();
        }
        int complete = lastEventEnd(all);
        int open = all.writerIndex() - complete;
        int kept = open <= HELD_BYTES_MAX ? open : lineEnds(all);
        if (kept > 0) {
            int from = all.writerIndex() - kept;
            held = all.alloc().directBuffer(kept).writeBytes(all, from, kept);
            all.writerIndex(from);
        }
        cutUsageEvents(all);
        return all;
    }

    /** What is kept when the stream ends; passed to the caller. Null when nothing is. */
    @Nullable
    ByteBuf rest() {
        ByteBuf rest = held;
        held = null;
        return rest;
    }

    void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void cutUsageEvents(ByteBuf events) {
        int from = reader.beginInStream(events);
        while (reader.read(events, from)) {
            from = reader.foundEnd();
            int start = from;
            while (start > events.readerIndex() && !endsEvent(events, start)) {
                start--;
            }
            int end = from;
            while (end < events.writerIndex() && !endsEvent(events, end)) {
                end++;
            }
            if (hasEmptyChoices(events, start, end)) {
                ByteBuf behind = events.copy(end, events.writerIndex() - end);
                events.writerIndex(start).writeBytes(behind);
                behind.release();
                from = start;
            }
        }
    }

    /** The line ends at the very end: with what comes next they may be the empty line that ends an event. */
    private static int lineEnds(ByteBuf bytes) {
        int count = 0;
        while (count < LINE_ENDS_MAX && isLineEnd(bytes.getByte(bytes.writerIndex() - 1 - count))) {
            count++;
        }
        return count;
    }

    private static boolean isLineEnd(byte b) {
        return b == '\n' || b == '\r';
    }

    /** The index behind the last whole event, or the reader index when there is none. */
    private static int lastEventEnd(ByteBuf bytes) {
        int at = bytes.writerIndex();
        while (at > bytes.readerIndex() && !endsEvent(bytes, at)) {
            at--;
        }
        return at;
    }

    /** Whether an empty line ends right before this index; lines end in LF, CR LF or CR. */
    private static boolean endsEvent(ByteBuf bytes, int index) {
        int length = index - bytes.readerIndex();
        if (length < 2) {
            return false;
        }
        byte last = bytes.getByte(index - 1);
        byte before = bytes.getByte(index - 2);
        if (last == '\n') {
            return before == '\n' || (before == '\r' && length > 2 && bytes.getByte(index - 3) == '\n');
        }
        return last == '\r' && before == '\r';
    }

    private static boolean hasEmptyChoices(ByteBuf bytes, int from, int to) {
        int last = to - CHOICES.length;
        for (int at = from; at < last; at++) {
            at = bytes.indexOf(at, last, CHOICES[0]);
            if (at < 0) {
                return false;
            }
            int i = 1;
            while (i < CHOICES.length && bytes.getByte(at + i) == CHOICES[i]) {
                i++;
            }
            if (i == CHOICES.length) {
                int colon = skipBlanks(bytes, at + i, to);
                int open = skipBlanks(bytes, colon + 1, to);
                int close = skipBlanks(bytes, open + 1, to);
                return close < to
                        && bytes.getByte(colon) == ':'
                        && bytes.getByte(open) == '['
                        && bytes.getByte(close) == ']';
            }
        }
        return false;
    }

    private static int skipBlanks(ByteBuf bytes, int from, int to) {
        int at = from;
        while (at < to && bytes.getByte(at) == ' ') {
            at++;
        }
        return at;
    }
}
