package headgate.filters.json;

import java.util.Arrays;

/**
 * The bytes of one short string, put together where it came in parts, with its escapes resolved.
 *
 * <p>As long as the string lies whole and unescaped in what is being scanned, these are bytes of that array; they are
 * valid only until the scan goes on.
 */
final class StringBytes {
    private byte[] kept = new byte[64];
    private int keptLength;
    private byte[] bytes = kept;
    private int from;
    private int to;
    private int lengthWritten;

    void begin() {
        keptLength = 0;
    }

    /** Takes over a part of the string, as the array it lies in will not be there when the string goes on. */
    void keep(byte[] part, int partFrom, int partTo) {
        int length = keptLength + partTo - partFrom;
        if (length > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(length, kept.length * 2));
        }
        System.arraycopy(part, partFrom, kept, keptLength, partTo - partFrom);
        keptLength = length;
    }

    /** Ends the string with its last part. */
    void end(byte[] part, int partFrom, int partTo, boolean escaped) {
        lengthWritten = keptLength + partTo - partFrom;
        if (keptLength == 0 && !escaped) {
            bytes = part;
            from = partFrom;
            to = partTo;
            return;
        }
        keep(part, partFrom, partTo);
        bytes = kept;
        from = 0;
        to = escaped ? unescape(kept, keptLength) : keptLength;
    }

    int length() {
        return to - from;
    }

    /** How long the string was in the body. */
    int lengthWritten() {
        return lengthWritten;
    }

    byte at(int i) {
        return bytes[from + i];
    }

    boolean is(String ascii) {
        if (ascii.length() != length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (at(i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean matches(byte[] other, int otherFrom, int otherTo) {
        return Arrays.equals(bytes, from, to, other, otherFrom, otherTo);
    }

    void copyTo(byte[] target, int targetFrom) {
        System.arraycopy(bytes, from, target, targetFrom, to - from);
    }

    /** In place, as nothing becomes longer: half a surrogate pair, which UTF-8 cannot say, becomes its three bytes. */
    private static int unescape(byte[] bytes, int length) {
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
            int code = hex4(bytes, read);
            read += 4;
            if (isPair(code, bytes, read, length)) {
                code = Character.toCodePoint((char) code, (char) hex4(bytes, read + 2));
                read += 6;
            }
            write = encode(code, bytes, write);
        }
        return write;
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

    private static boolean isPair(int code, byte[] bytes, int next, int length) {
        return Character.isHighSurrogate((char) code)
                && next + 6 <= length
                && bytes[next] == '\\'
                && bytes[next + 1] == 'u'
                && Character.isLowSurrogate((char) hex4(bytes, next + 2));
    }

    private static int hex4(byte[] bytes, int at) {
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            code = code << 4 | Character.digit(bytes[i], 16);
        }
        return code;
    }

    private static int encode(int code, byte[] bytes, int at) {
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
