package headgate.filters.json;

/** The inside of one string, from behind its opening quote to its closing one, wherever it is split. */
final class StringToken {
    private static final int PLAIN = 0;
    private static final int ESCAPE = 1;
    private static final int HEX_1 = 2;
    private static final int HEX_4 = 5;
    private static final int UTF8_REST = 6;

    /** By the byte behind the backslash: a table, since which one it is cannot be guessed. */
    private static final boolean[] WHOLE_ESCAPES = new boolean[256];

    static {
        for (char letter : "\"\\/bfnrt".toCharArray()) {
            WHOLE_ESCAPES[letter] = true;
        }
    }

    private int state;
    private boolean escaped;

    /** Bytes beyond one for each character: what is escaped is one, and so is what UTF-8 spreads over several. */
    private long surplus;

    /** Inside a character of several bytes: how many are still to come, and the bounds of the next one. */
    private int rest;

    private int low;
    private int high;

    void begin() {
        state = PLAIN;
        escaped = false;
        surplus = 0;
    }

    long surplus() {
        return surplus;
    }

    boolean escaped() {
        return escaped;
    }

    /** Reads on; returns the index of the closing quote, or {@code to} when the string goes on behind it. */
    int scan(ScanWindow window, int from, int to, long base) throws JsonException {
        byte[] bytes = window.bytes;
        int i = state == PLAIN ? from : finishSplit(bytes, from, to, base);
        while (true) {
            i = text(window, i, to);
            if (i >= to) {
                return to;
            }
            byte b = bytes[i];
            if (b == '"') {
                return i;
            }
            if (b == '\\') {
                i = escape(bytes, i + 1, to, base);
            } else if (b < 0) {
                i = characters(bytes, i, to, base);
            } else if (b < ' ') {
                throw JsonException.unexpected(base + i, b, "no control character inside a string (escape it)");
            } else {
                i++;
            }
        }
    }

    /**
     * Passes plain bytes and escapes of one letter; returns where something else is marked, or {@code to} or what lies behind.
     *
     * <p>Text has an escape every few words, and where the next one stands or what it is cannot be guessed: so it goes from
     * mark to mark without a branch on either.
     */
    private int text(ScanWindow window, int from, int to) {
        byte[] bytes = window.bytes;
        int i = from;
        while (i < to) {
            long marks = window.marks(i);
            int next = i + ScanWindow.MARKS;
            while (marks != 0) {
                int at = i + Long.numberOfTrailingZeros(marks);
                if (at + 1 >= to || bytes[at] != '\\' || !isWholeEscape(bytes[at + 1])) {
                    return at;
                }
                escaped = true;
                surplus++;
                marks &= -4L << (at - i);
                next = Math.max(next, at + 2);
            }
            i = next;
        }
        return i;
    }

    /** Of more than one letter, or split, or wrong. */
    private int escape(byte[] bytes, int from, int to, long base) throws JsonException {
        escaped = true;
        surplus++;
        state = ESCAPE;
        return finishSplit(bytes, from, to, base);
    }

    /** Reads whole characters beyond ASCII while one follows the other. */
    private int characters(byte[] bytes, int from, int to, long base) throws JsonException {
        int i = from;
        while (i < to && bytes[i] < 0) {
            int length = i + 4 <= to ? wholeCharacter(bytes, i) : 0;
            if (length == 0) {
                begin(bytes[i], base + i);
                i = finishSplit(bytes, i + 1, to, base);
            } else {
                i += length;
                surplus += length - 1;
            }
        }
        return i;
    }

    /** The length of a valid character of two to four bytes, or 0: then it is read byte by byte, to say what is wrong. */
    private static int wholeCharacter(byte[] bytes, int i) {
        int lead = bytes[i] & 0xFF;
        int second = bytes[i + 1];
        if (second >= (byte) 0xC0) {
            return 0;
        }
        if (lead < 0xE0) {
            return lead >= 0xC2 ? 2 : 0;
        }
        int third = bytes[i + 2];
        if (third >= (byte) 0xC0) {
            return 0;
        }
        if (lead < 0xF0) {
            int code = (lead & 0x0F) << 12 | (second & 0x3F) << 6;
            return code >= 0x800 && (code & 0xF800) != 0xD800 ? 3 : 0;
        }
        int code = (lead & 0x0F) << 18 | (second & 0x3F) << 12;
        return bytes[i + 3] < (byte) 0xC0 && code >= 0x10000 && code <= 0x10FFFF ? 4 : 0;
    }

    /** Begins a character byte by byte; the bounds keep out long forms, surrogates and what lies above U+10FFFF. */
    private void begin(byte first, long offset) throws JsonException {
        int lead = first & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            throw JsonException.unexpected(offset, lead, "UTF-8");
        }
        rest = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        state = UTF8_REST;
    }

    /** Reads byte by byte until nothing is half read any more. */
    private int finishSplit(byte[] bytes, int from, int to, long base) throws JsonException {
        int i = from;
        while (i < to && state != PLAIN) {
            byte b = bytes[i];
            state = switch (state) {
                case ESCAPE -> afterBackslash(b, base + i);
                case UTF8_REST -> afterLead(b & 0xFF, base + i);
                default -> afterHex(b, base + i);
            };
            i++;
        }
        return i;
    }

    private static boolean isWholeEscape(byte b) {
        return WHOLE_ESCAPES[b & 0xFF];
    }

    private static int afterBackslash(byte b, long offset) throws JsonException {
        if (b != 'u' && !isWholeEscape(b)) {
            throw JsonException.unexpected(offset, b, "one of \"\\/bfnrtu behind a backslash");
        }
        return b == 'u' ? HEX_1 : PLAIN;
    }

    private int afterHex(byte b, long offset) throws JsonException {
        // A byte beyond ASCII is negative here, so no other script's digit passes.
        if (Character.digit(b, 16) < 0) {
            throw JsonException.unexpected(offset, b, "four hexadecimal digits behind \\u");
        }
        surplus++;
        return state == HEX_4 ? PLAIN : state + 1;
    }

    private int afterLead(int next, long offset) throws JsonException {
        if (next < low || next > high) {
            throw JsonException.unexpected(offset, next, "UTF-8");
        }
        low = 0x80;
        high = 0xBF;
        rest--;
        surplus++;
        return rest == 0 ? PLAIN : UTF8_REST;
    }
}
