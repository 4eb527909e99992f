package headgate.filters.quota;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the text of an answer as it passes, for the case that the upstream does not say what was used.
 *
 * <p>It counts the characters of the strings that carry what a model made, by their names, and nothing of the framing
 * around. To cost little it looks at the first parts, at every eighth of the others, and of each at its beginning only; the
 * rest is taken to have as much text as what was looked at. A stream that was cut early is counted exactly.
 */
final class PassedText implements ByteProcessor {
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
        int length = part.readableBytes();
        parts++;
        passed += length;
        int looks = parts <= FIRST_PARTS || parts % LATER_PARTS == 0 ? Math.min(length, LOOKED_AT_BYTES) : 0;
        part.forEachByte(part.readerIndex(), looks, this);
        if (looks < length) {
            state = State.LOST;
            process(part.getByte(part.writerIndex() - 1));
        }
    }

    /** How many characters of text have passed. */
    long characters() {
        return lookedAt == 0 ? 0 : (long) ((double) characters * passed / lookedAt);
    }

    @Override
    public boolean process(byte b) {
        if (state != State.LOST) {
            lookedAt++;
        }
        if (b == '\n') {
            // A raw line end stands in no string.
            state = State.OUTSIDE;
            behindColon = false;
            escaped = 0;
            return true;
        }
        switch (state) {
            case OUTSIDE -> outside(b);
            case NAME -> inName(b);
            case VALUE -> inValue(b);
            case LOST -> {}
        }
        return true;
    }

    private void outside(byte b) {
        if (b == '"') {
            state = behindColon ? State.VALUE : State.NAME;
            nameLength = 0;
        } else if (b == ':') {
            behindColon = true;
        } else if (b == ',' || b == '{' || b == '[' || b == '}' || b == ']') {
            behindColon = false;
        }
    }

    private void inName(byte b) {
        if (escaped > 0) {
            escaped--;
        } else if (b == '\\') {
            escaped = 1;
        } else if (b == '"') {
            named = isNamed();
            state = State.OUTSIDE;
        } else if (nameLength < NAME_BYTES_MAX) {
            name[nameLength++] = b;
        }
    }

    private void inValue(byte b) {
        if (escaped > 0) {
            // The letter behind the backslash stands for the character; behind a u four digits more follow.
            escaped = escaped == 5 && b != 'u' ? 0 : escaped - 1;
        } else if (b == '\\') {
            escaped = 5;
            count();
        } else if (b == '"') {
            state = State.OUTSIDE;
            behindColon = false;
        } else if ((b & 0xC0) != 0x80) {
            count();
        }
    }

    private void count() {
        if (named) {
            characters++;
        }
    }

    private boolean isNamed() {
        for (byte[] known : NAMES) {
            if (Arrays.equals(known, 0, known.length, name, 0, nameLength)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
