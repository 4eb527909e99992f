package headgate.filters.content.text;

/**
 * Reads characters out of the inside of a JSON string, wherever it is split.
 *
 * <p>Escapes are resolved, surrogate pairs put together. The bytes were checked before, or nobody will: what is not UTF-8 or
 * not an escape is read as U+FFFD, and half a surrogate pair as itself.
 */
final class CharacterReader {
    /** Told of each character. */
    interface Sink {
        /** A character of the text, and where it stands in the bytes. */
        void character(int codePoint, long start, long end);
    }

    private static final int NONE = -1;
    private static final int REPLACEMENT = 0xFFFD;
    private static final int PLAIN = 0;
    private static final int ESCAPE = 1;
    /** Four digits are to come, then three, two, one. */
    private static final int HEX = 2;

    private static final int UTF8 = 6;

    private final Sink sink;
    private int state;
    private int value;
    private int rest;
    private int high;
    private long start;
    private long highStart;
    private long highEnd;

    CharacterReader(Sink sink) {
        this.sink = sink;
        begin();
    }

    void begin() {
        state = PLAIN;
        high = NONE;
    }

    /** Whether the next byte begins a character that depends on nothing before it. */
    boolean idle() {
        return state == PLAIN && high == NONE;
    }

    /** Where the character begins that is half read, or else {@code offset}. */
    long pending(long offset) {
        return high != NONE ? highStart : state == PLAIN ? offset : start;
    }

    /** The text is over. */
    void end() {
        if (state != PLAIN) {
            state = PLAIN;
            put(REPLACEMENT, start, start + 1);
        }
        flushHigh();
    }

    /** Reads one byte, which stands at this offset. */
    void read(byte b, long offset) {
        switch (state) {
            case PLAIN -> first(b, offset);
            case ESCAPE -> escape(b, offset);
            case UTF8 -> more(b, offset);
            default -> hex(b, offset);
        }
    }

    private void first(byte b, long offset) {
        start = offset;
        if (b == '\\') {
            state = ESCAPE;
        } else if (b >= 0) {
            put(b, offset, offset + 1);
        } else {
            lead(b & 0xFF);
        }
    }

    private void lead(int lead) {
        if (lead < 0xC2 || lead > 0xF4) {
            put(REPLACEMENT, start, start + 1);
            return;
        }
        rest = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        value = lead & (0x3F >> rest);
        state = UTF8;
    }

    private void more(byte b, long offset) {
        if ((b & 0xC0) != 0x80) {
            state = PLAIN;
            put(REPLACEMENT, start, offset);
            first(b, offset);
            return;
        }
        value = value << 6 | (b & 0x3F);
        if (--rest == 0) {
            state = PLAIN;
            put(value <= Character.MAX_CODE_POINT ? value : REPLACEMENT, start, offset + 1);
        }
    }

    private void escape(byte b, long offset) {
        if (b == 'u') {
            state = HEX;
            value = 0;
            return;
        }
        state = PLAIN;
        int meaning = switch (b) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> b;
        };
        put(meaning >= 0 ? meaning : REPLACEMENT, start, offset + 1);
    }

    private void hex(byte b, long offset) {
        int digit = Character.digit(b, 16);
        value = value << 4 | Math.max(digit, 0);
        if (++state < HEX + 4) {
            return;
        }
        state = PLAIN;
        if (Character.isLowSurrogate((char) value) && high != NONE) {
            int pair = Character.toCodePoint((char) high, (char) value);
            high = NONE;
            sink.character(pair, highStart, offset + 1);
        } else if (Character.isHighSurrogate((char) value)) {
            flushHigh();
            high = value;
            highStart = start;
            highEnd = offset + 1;
        } else {
            put(value, start, offset + 1);
        }
    }

    private void put(int codePoint, long from, long to) {
        flushHigh();
        sink.character(codePoint, from, to);
    }

    private void flushHigh() {
        if (high != NONE) {
            int alone = high;
            high = NONE;
            sink.character(alone, highStart, highEnd);
        }
    }
}
