package headgate.filters.usage;

import headgate.filters.Usage;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the last {@code "usage": {…}} of an answer in bytes that come in any pieces.
 *
 * <p>It looks for the member's name and reads no JSON around it: inside a string the quotes would be escaped, so those
 * seven bytes can only be a name or a whole string, and a name is followed by a colon. That holds at any depth and in every
 * event of a stream, whatever the provider's layout. Thirty-two places are looked at at once, for a quote followed by a u,
 * which is rare.
 */
public final class UsageReader {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NAME = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final long NAME_AS_LONG = nameAsLong();
    private static final long NAME_MASK = -1L >>> Byte.SIZE;
    private static final long ONES = 0x0101010101010101L;
    private static final long FIRST_EVERYWHERE = NAME[0] * ONES;
    private static final long SECOND_EVERYWHERE = NAME[1] * ONES;
    private static final long HIGHS = 0x8080808080808080L;

    /** So many bytes are looked at with one branch. */
    private static final int STRIDE = 4 * Long.BYTES;

    private enum State {
        NAME,
        COLON,
        VALUE,
        OBJECT
    }

    private State state = State.NAME;
    private int matched;
    private @Nullable UsageObject object;
    private @Nullable Usage last;
    private int foundEnd;

    /** A reader at the beginning of an answer. */
    public UsageReader() {}

    /** Starts over, for another answer. */
    public void reset() {
        state = State.NAME;
        matched = 0;
        last = null;
    }

    /** The last usage that was complete; null while there is none. */
    public @Nullable Usage last() {
        return last;
    }

    /**
     * Reads a part of the answer; its indices stay as they are.
     *
     * @param from index of the buffer to begin at
     * @return whether a usage object became complete; then {@link #foundEnd()} is the index behind it, and the rest is unread
     */
    public boolean read(ByteBuf part, int from) {
        int start = part.readerIndex();
        int length = part.writerIndex() - start;
        ByteBuffer bytes =
                part.nioBufferCount() == 1 ? part.internalNioBuffer(start, length) : part.nioBuffer(start, length);
        int base = bytes.position();
        int at = base + from - start;
        int end = base + length;
        while (at < end) {
            if (state == State.NAME) {
                at = findName(bytes, at, end);
            } else if (step(bytes.get(at++))) {
                foundEnd = start + at - base;
                return true;
            }
        }
        return false;
    }

    /** The index behind the usage object that {@link #read} found. */
    public int foundEnd() {
        return foundEnd;
    }

    /** Looks for the name; a part of it at the end of the bytes is remembered. Returns where to go on. */
    private int findName(ByteBuffer bytes, int from, int end) {
        int at = from;
        if (matched > 0) {
            while (matched < NAME.length && at < end && bytes.get(at) == NAME[matched]) {
                matched++;
                at++;
            }
            if (matched == NAME.length) {
                return named(at);
            }
            if (at == end) {
                return end;
            }
            matched = 0;
            at = from;
        }
        for (int start = nextStart(bytes, at, end); start >= 0; start = nextStart(bytes, start + 1, end)) {
            if (matchesAt(bytes, start)) {
                return named(start + NAME.length);
            }
        }
        rememberTail(bytes, at, end);
        return end;
    }

    private int named(int at) {
        matched = 0;
        state = State.COLON;
        return at;
    }

    private static long nameAsLong() {
        long value = 0;
        for (int i = 0; i < NAME.length; i++) {
            value |= (long) NAME[i] << (i * Byte.SIZE);
        }
        return value;
    }

    private static boolean matchesAt(ByteBuffer bytes, int start) {
        if (start + Long.BYTES <= bytes.limit()) {
            return ((long) LONGS.get(bytes, start) & NAME_MASK) == NAME_AS_LONG;
        }
        for (int i = 0; i < NAME.length; i++) {
            if (bytes.get(start + i) != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    /** The next place where a quote is followed by a u and the whole name would fit, or -1. */
    private static int nextStart(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at + STRIDE < end
                && ((starts(bytes, at)
                                        | starts(bytes, at + Long.BYTES)
                                        | starts(bytes, at + 2 * Long.BYTES)
                                        | starts(bytes, at + 3 * Long.BYTES))
                                & HIGHS)
                        == 0) {
            at += STRIDE;
        }
        for (; at + Long.BYTES < end; at += Long.BYTES) {
            long hit = starts(bytes, at) & HIGHS;
            if (hit != 0) {
                int start = at + (Long.numberOfTrailingZeros(hit) >>> 3);
                return start + NAME.length <= end ? start : -1;
            }
        }
        for (; at + NAME.length <= end; at++) {
            if (bytes.get(at) == NAME[0] && bytes.get(at + 1) == NAME[1]) {
                return at;
            }
        }
        return -1;
    }

    /** Has the high bit of the first of these eight places set where a quote is followed by a u, and none where there is none. */
    private static long starts(ByteBuffer bytes, int at) {
        long first = (long) LONGS.get(bytes, at) ^ FIRST_EVERYWHERE;
        long second = (long) LONGS.get(bytes, at + 1) ^ SECOND_EVERYWHERE;
        long neither = first | second;
        return (neither - ONES) & ~neither;
    }

    /** Remembers how much of the name stands at the very end; no proper part of it begins inside another. */
    private void rememberTail(ByteBuffer bytes, int from, int end) {
        for (int length = Math.min(NAME.length - 1, end - from); length > 0; length--) {
            int i = 0;
            while (i < length && bytes.get(end - length + i) == NAME[i]) {
                i++;
            }
            if (i == length) {
                matched = length;
                return;
            }
        }
    }

    /** Takes one byte behind the name; true when it completes an object. */
    private boolean step(byte b) {
        boolean blank = b == ' ' || b == '\n' || b == '\r' || b == '\t';
        if (state == State.OBJECT && object != null) {
            switch (object.read(b)) {
                case MORE -> {}
                case TOO_LONG -> state = State.NAME;
                case COMPLETE -> {
                    state = State.NAME;
                    last = object.counts() ? object.usage() : last;
                    return true;
                }
            }
        } else if (state == State.COLON && b == ':') {
            state = State.VALUE;
        } else if (state == State.VALUE && b == '{') {
            object = new UsageObject();
            state = State.OBJECT;
        } else if (!blank) {
            state = State.NAME;
            matched = b == NAME[0] ? 1 : 0;
        }
        return false;
    }
}
