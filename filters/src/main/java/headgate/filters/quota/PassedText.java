package headgate.filters.quota;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the text of an answer as it passes, for the case that the upstream does not say what was used.
 *
 * <p>It counts the characters of the strings that carry what a model made, by their names, and nothing of the framing
 * around. To cost little it looks at the first parts, at every eighth of the others, and of each at its beginning only; the
 * rest is taken to have as much text as what was looked at. A stream that was cut early is counted exactly.
 */
final class PassedText {
    private static final int LOOKED_AT_BYTES = 1024;
    private static final int FIRST_PARTS = 16;
    private static final int LATER_PARTS = 8;
    private static final int NAME_BYTES_MAX = 20;
    private static final byte[][] NAMES = {
        ascii("content"),
        ascii("text"),
        ascii("delta"),
        ascii("arguments"),
        ascii("reasoning_content"),
        ascii("refusal")
    };

    private enum State {
        /** Between strings. */
        OUTSIDE,
        NAME,
        VALUE,
        /** Where it stands is not known, since something was not looked at; the next line is a new beginning. */
        LOST
    }

    private final byte[] name = new byte[NAME_BYTES_MAX];
    private State state = State.OUTSIDE;
    private int nameLength;
    private boolean behindColon;
    private boolean named;
    /** Bytes of an escape that are still to come. */
    private int escaped;

    private long characters;
    private long lookedAt;
    private long passed;
    private int parts;

    /** Starts over, for another answer. */
    void reset() {
        state = State.OUTSIDE;
        nameLength = 0;
        behindColon = false;
        named = false;
        escaped = 0;
        characters = 0;
        lookedAt = 0;
        passed = 0;
        parts = 0;
    }

    /** Reads a part of the answer; its indices stay as they are. */
    void read(ByteBuf part) {
        int start = part.readerIndex();
        int length = part.readableBytes();
        parts++;
        passed += length;
        int looks = parts <= FIRST_PARTS || parts % LATER_PARTS == 0 ? Math.min(length, LOOKED_AT_BYTES) : 0;
        if (looks > 0) {
            ByteBuffer bytes =
                    part.nioBufferCount() == 1 ? part.internalNioBuffer(start, looks) : part.nioBuffer(start, looks);
            look(bytes, bytes.position(), bytes.limit());
        }
        if (looks < length) {
            if (part.getByte(start + length - 1) == '\n') {
                lineEnd();
            } else {
                state = State.LOST;
            }
        }
    }

    /** How many characters of text have passed. */
    long characters() {
        return lookedAt == 0 ? 0 : (long) ((double) characters * passed / lookedAt);
    }

    private void look(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end) {
            int start = at;
            boolean known = state != State.LOST;
            at = switch (state) {
                case OUTSIDE -> outside(bytes, at, end);
                case NAME -> inName(bytes, at, end);
                case VALUE -> escaped > 0 ? inEscape(bytes, at) : inValue(bytes, at, end);
                case LOST -> lost(bytes, at, end);
            };
            lookedAt += known ? at - start : 0;
        }
    }

    /** A raw line end stands in no string. */
    private void lineEnd() {
        state = State.OUTSIDE;
        behindColon = false;
        escaped = 0;
    }

    private int outside(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end) {
            byte b = bytes.get(at++);
            if (b == '"') {
                state = behindColon ? State.VALUE : State.NAME;
                nameLength = 0;
                return at;
            }
            if (b == ':') {
                behindColon = true;
            } else if (b == ',' || b == '{' || b == '[' || b == '}' || b == ']' || b == '\n') {
                behindColon = false;
            }
        }
        return at;
    }

    private int inName(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end) {
            byte b = bytes.get(at++);
            if (b == '\n') {
                lineEnd();
                return at;
            }
            if (escaped > 0) {
                escaped--;
            } else if (b == '\\') {
                escaped = 1;
            } else if (b == '"') {
                named = isNamed();
                state = State.OUTSIDE;
                return at;
            } else if (nameLength < NAME_BYTES_MAX) {
                name[nameLength++] = b;
            }
        }
        return at;
    }

    private int inValue(ByteBuffer bytes, int from, int end) {
        int counted = 0;
        int at = from;
        while (at < end && state == State.VALUE && escaped == 0) {
            byte b = bytes.get(at++);
            if (b == '"') {
                state = State.OUTSIDE;
                behindColon = false;
            } else if (b == '\n') {
                lineEnd();
            } else if (b == '\\') {
                escaped = 5;
                counted++;
            } else if ((b & 0xC0) != 0x80) {
                counted++;
            }
        }
        characters += named ? counted : 0;
        return at;
    }

    /** The letter behind the backslash stands for the character; behind a u four digits more follow. */
    private int inEscape(ByteBuffer bytes, int at) {
        byte b = bytes.get(at);
        if (b == '\n') {
            lineEnd();
        } else {
            escaped = escaped == 5 && b != 'u' ? 0 : escaped - 1;
        }
        return at + 1;
    }

    private int lost(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (bytes.get(at++) == '\n') {
                lineEnd();
                return at;
            }
        }
        return at;
    }

    private boolean isNamed() {
        for (byte[] known : NAMES) {
            if (known.length == nameLength && Arrays.equals(known, 0, nameLength, name, 0, nameLength)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
