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
    private static final long NAME_AS_LONG = asLong(NAME);
    private static final long NAME_MASK = -1L >>> Byte.SIZE;
    private static final long NULL_AS_LONG = asLong(":null".getBytes(StandardCharsets.US_ASCII));
    private static final long NULL_MASK = -1L >>> (3 * Byte.SIZE);
    private static final long ONES = 0x0101010101010101L;
    private static final long FIRST_EVERYWHERE = NAME[0] * ONES;
    private static final long SECOND_EVERYWHERE = NAME[1] * ONES;
    private static final long HIGHS = 0x8080808080808080L;

    /** What a stream says of its usage stands in so many of its last bytes, also where a whole answer comes before in the same event. */
    private static final int STREAM_END_BYTES = 16 * 1024;

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

    /** Starts over, for another answer; nothing is kept of the last one. */
    public void reset() {
        state = State.NAME;
        matched = 0;
        object = null;
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

    /**
     * Where to begin in a part of a stream: of a long one only the end is looked at, since a stream says what it used when all is
     * said. Whatever stands in its last 16 KiB stands there in its own part, too.
     */
    public int beginInStream(ByteBuf part) {
        int from = part.writerIndex() - STREAM_END_BYTES;
        if (from <= part.readerIndex()) {
            return part.readerIndex();
        }
        state = State.NAME;
        matched = 0;
        return from;
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
        int start = nextName(bytes, at, end);
        if (start >= 0) {
            return named(start + NAME.length);
        }
        rememberTail(bytes, at, end);
        return end;
    }

    private int named(int at) {
        matched = 0;
        state = State.COLON;
        return at;
    }

    /** The next place where the whole name stands, or -1. One that is told to be null is passed over, if that is seen at once. */
    private static int nextName(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at + STRIDE + 2 * Long.BYTES <= end) {
            long any = starts(bytes, at)
                    | starts(bytes, at + Long.BYTES)
                    | starts(bytes, at + 2 * Long.BYTES)
                    | starts(bytes, at + 3 * Long.BYTES);
            if ((any & HIGHS) == 0) {
                at += STRIDE;
                continue;
            }
            at = firstStart(bytes, at);
            boolean named = ((long) LONGS.get(bytes, at) & NAME_MASK) == NAME_AS_LONG;
            if (named && ((long) LONGS.get(bytes, at + NAME.length) & NULL_MASK) != NULL_AS_LONG) {
                return at;
            }
            at++;
        }
        for (; at + NAME.length <= end; at++) {
            if (standsAt(bytes, at)) {
                return at;
            }
        }
        return -1;
    }

    /** The first place from here on where a quote is followed by a u; there must be one. */
    private static int firstStart(ByteBuffer bytes, int from) {
        int at = from;
        long hit = starts(bytes, at) & HIGHS;
        while (hit == 0) {
            at += Long.BYTES;
            hit = starts(bytes, at) & HIGHS;
        }
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
    }

    private static boolean standsAt(ByteBuffer bytes, int start) {
        int i = 0;
        while (i < NAME.length && bytes.get(start + i) == NAME[i]) {
            i++;
        }
        return i == NAME.length;
    }

    /** Has the high bit of the first of these eight places set where a quote is followed by a u, and none where there is none. */
    private static long starts(ByteBuffer bytes, int at) {
        long first = (long) LONGS.get(bytes, at) ^ FIRST_EVERYWHERE;
        long second = (long) LONGS.get(bytes, at + 1) ^ SECOND_EVERYWHERE;
        long neither = first | second;
        return (neither - ONES) & ~neither;
    }

    private static long asLong(byte[] bytes) {
        long value = 0;
        for (int i = 0; i < bytes.length; i++) {
            value |= (long) bytes[i] << (i * Byte.SIZE);
        }
        return value;
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
