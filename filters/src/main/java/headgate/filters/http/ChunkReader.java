package headgate.filters.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Follows chunked framing (RFC 9112, section 7.1) through bytes that arrive in any pieces, and takes it out in place.
 *
 * <p>The payload of all chunks in a buffer is moved together, over the framing between them: one buffer in, the same buffer
 * out, no object for a chunk. A size needs 1 to 15 hexadecimal digits and CR LF; extensions are skipped but may hold no
 * control characters; trailers are checked and thrown away.
 */
final class ChunkReader {
    private static final int SIZE_DIGITS_MAX = 15;
    private static final int OVERHEAD_BYTES_MAX = 16 * 1024;

    private static final int PLAIN_DIGITS_MAX = 6;
    private static final short LINE_END = '\r' << 8 | '\n';

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        DONE
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int overhead;
    private int payloadStart;

    void reset() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        overhead = 0;
    }

    boolean done() {
        return state == State.DONE;
    }

    /** Where the payload of the last {@link #read} begins. */
    int payloadStart() {
        return payloadStart;
    }

    /**
     * Reads on, up to the end of the body or of the buffer, and moves the payload together.
     *
     * @return the payload's length in bytes; it begins at {@link #payloadStart()}
     */
    int read(ByteBuf in) throws FramingException {
        int start = in.readerIndex();
        int length = in.readableBytes();
        ByteBuffer bytes = in.internalNioBuffer(start, length);
        int base = bytes.position();
        int end = base + length;
        int at = base;
        int payloadAt = base;
        int payload = 0;
        while (at < end && state != State.DONE) {
            if (state == State.DATA) {
                int part = (int) Math.min(size, end - at);
                if (payload == 0) {
                    payloadAt = at;
                } else {
                    bytes.put(payloadAt + payload, bytes, at, part);
                }
                payload += part;
                at += part;
                size -= part;
                if (size == 0) {
                    state = State.DATA_CR;
                    at = between(bytes, at, end);
                }
            } else {
                step(bytes.get(at++));
            }
        }
        payloadStart = start + payloadAt - base;
        in.readerIndex(start + at - base);
        return payload;
    }

    /**
     * Goes from the end of a chunk to the next one's beginning at once, where what stands between is all there and as plain as
     * it nearly always is: a line end, a few digits, a line end. Anything else is left to the steps. Returns where it stands.
     */
    private int between(ByteBuffer bytes, int from, int end) {
        int last = Math.min(end - 2, from + 2 + PLAIN_DIGITS_MAX);
        if (from + 2 >= last || bytes.getShort(from) != LINE_END) {
            return from;
        }
        int next = 0;
        int at = from + 2;
        for (int digit = digit(bytes.get(at)); digit >= 0 && at < last; digit = digit(bytes.get(at))) {
            next = next << 4 | digit;
            at++;
        }
        if (next == 0 || bytes.getShort(at) != LINE_END) {
            return from;
        }
        size = next;
        overhead = 0;
        state = State.DATA;
        return at + 2;
    }

    private void step(byte b) throws FramingException {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> {
                bound();
                if (b == '\r') {
                    state = State.SIZE_LF;
                } else {
                    requireText(b, "chunk extension");
                }
            }
            case SIZE_LF -> {
                require(b, '\n');
                state = size == 0 ? State.TRAILER_START : State.DATA;
                digits = 0;
            }
            case DATA_CR -> {
                require(b, '\r');
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                require(b, '\n');
                state = State.SIZE;
                overhead = 0;
            }
            case TRAILER_START -> {
                if (b == '\r') {
                    state = State.END_LF;
                } else {
                    state = State.TRAILER_NAME;
                    trailerName(b);
                }
            }
            case TRAILER_NAME -> {
                if (b == ':') {
                    state = State.TRAILER_VALUE;
                } else {
                    trailerName(b);
                }
            }
            case TRAILER_VALUE -> {
                bound();
                if (b == '\r') {
                    state = State.TRAILER_LF;
                } else {
                    requireText(b, "trailer");
                }
            }
            case TRAILER_LF -> {
                require(b, '\n');
                state = State.TRAILER_START;
            }
            case END_LF -> {
                require(b, '\n');
                state = State.DONE;
            }
            default -> throw new IllegalStateException(state.name());
        }
    }

    private void size(byte b) throws FramingException {
        int digit = digit(b);
        if (digit >= 0) {
            if (++digits > SIZE_DIGITS_MAX) {
                throw new FramingException(400, "A chunk size has more than " + SIZE_DIGITS_MAX + " digits.");
            }
            size = size << 4 | digit;
        } else if (digits > 0 && b == '\r') {
            state = State.SIZE_LF;
        } else if (digits > 0 && b == ';') {
            state = State.EXTENSION;
        } else {
            throw new FramingException(400, "A chunk size is not a hexadecimal number.");
        }
    }

    /** Of a hexadecimal number; -1 for any other byte. There is one for each event, so it is not looked up among all of Unicode. */
    private static int digit(byte b) {
        int number = b - '0';
        int letter = (b | 0x20) - 'a';
        return number >= 0 && number <= 9 ? number : letter >= 0 && letter < 6 ? letter + 10 : -1;
    }

    private void trailerName(byte b) throws FramingException {
        bound();
        if (!HeadParser.isToken(b)) {
            throw new FramingException(400, "A trailer field's name is not a token followed by a colon.");
        }
    }

    private void bound() throws FramingException {
        if (++overhead > OVERHEAD_BYTES_MAX) {
            throw new FramingException(400, "A chunk extension or the trailers are longer than 16 KiB.");
        }
    }

    private static void requireText(byte b, String where) throws FramingException {
        if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7F) {
            throw new FramingException(400, "A " + where + " has a control character.");
        }
    }

    private static void require(byte b, char expected) throws FramingException {
        if (b != expected) {
            throw new FramingException(400, "A chunk does not end in CR LF where it should.");
        }
    }
}
