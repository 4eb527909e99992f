package headgate.filters.json;

import java.util.Arrays;

/** The bytes of a short string that is escaped, or came in parts: put together, and its escapes resolved. */
final class HeldString {
    private byte[] bytes = new byte[64];
    private int length;

    void clear() {
        length = 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    void add(byte[] part, int from, int to) {
        int sum = length + to - from;
        if (sum > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(sum, bytes.length * 2));
        }
        System.arraycopy(part, from, bytes, length, to - from);
        length = sum;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Works in place, as nothing becomes longer; half a surrogate pair, which UTF-8 cannot say, becomes its three bytes. */
    void unescape() {
        int write = 0;
        int read = 0;
        while (read < length) {
            byte b = bytes[read++];
            if (b != '\\') {
                bytes[write++] = b;
                continue;
            }
            byte letter = bytes[read++];
            if (letter != 'u') {
                bytes[write++] = meaning(letter);
                continue;
            }
            int code = hex4(read);
            read += 4;
            if (isPair(code, read)) {
                code = Character.toCodePoint((char) code, (char) hex4(read + 2));
                read += 6;
            }
            write = encode(code, write);
        }
        length = write;
    }

    private static byte meaning(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }

    private boolean isPair(int code, int next) {
        return Character.isHighSurrogate((char) code)
                && next + 6 <= length
                && bytes[next] == '\\'
                && bytes[next + 1] == 'u'
                && Character.isLowSurrogate((char) hex4(next + 2));
    }

    private int hex4(int at) {
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            code = code << 4 | Character.digit(bytes[i], 16);
        }
        return code;
    }

    private int encode(int code, int at) {
        int write = at;
        if (code < 0x80) {
            bytes[write++] = (byte) code;
        } else if (code < 0x800) {
            bytes[write++] = (byte) (0xC0 | code >> 6);
            bytes[write++] = rest(code);
        } else if (code < 0x10000) {
            bytes[write++] = (byte) (0xE0 | code >> 12);
            bytes[write++] = rest(code >> 6);
            bytes[write++] = rest(code);
        } else {
            bytes[write++] = (byte) (0xF0 | code >> 18);
            bytes[write++] = rest(code >> 12);
            bytes[write++] = rest(code >> 6);
            bytes[write++] = rest(code);
        }
        return write;
    }

    private static byte rest(int code) {
        return (byte) (0x80 | (code & 0x3F));
    }
}
