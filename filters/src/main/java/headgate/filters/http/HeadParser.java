package headgate.filters.http;

import java.nio.charset.StandardCharsets;

/**
 * Reads a whole head, strictly (RFC 9112): what two readers could understand differently is refused.
 *
 * <p>Refused are folded lines, white space before the colon or around the name, bare CR, NUL and other control characters,
 * names that are no tokens, more than one {@code Content-Length}, one with a sign or a list, and any
 * {@code Transfer-Encoding} but exactly {@code chunked}.
 */
final class HeadParser {
    private static final boolean[] TOKEN = new boolean[128];
    private static final int CONTENT_LENGTH_DIGITS_MAX = 18;

    static {
        String others = "!#$%&'*+-.^_`|~";
        for (int c = 0; c < TOKEN.length; c++) {
            TOKEN[c] = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || others.indexOf(c) >= 0;
        }
    }

    private final byte[] head;
    private int at;

    HeadParser(byte[] head) {
        this.head = head;
    }

    static boolean isToken(int b) {
        return b >= 0 && TOKEN[b];
    }

    /** Reads up to {@code delimiter}, which is skipped; fails at the line's end. */
    String word(char delimiter, String what) throws FramingException {
        int start = at;
        int end = start;
        while (head[end] != delimiter) {
            if (head[end] <= ' ' || head[end] == 0x7F) {
                throw new FramingException(400, "The first line is not well formed at its " + what + ".");
            }
            end++;
        }
        if (end == start) {
            throw new FramingException(400, "The first line has an empty " + what + ".");
        }
        at = end + 1;
        return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Reads the rest of the line, which may be empty, and its end. */
    String restOfLine() throws FramingException {
        int start = at;
        int end = valueEnd(start);
        at = end + 2;
        return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Reads all fields up to the empty line. */
    HeaderFields fields(int countMax) throws FramingException {
        HeaderFields fields = new HeaderFields(head, Math.min(countMax, 16));
        while (head[at] != '\r') {
            if (fields.size() == countMax) {
                throw new FramingException(431, "There are more than " + countMax + " header fields.");
            }
            field(fields);
        }
        if (at + 2 != head.length) {
            throw new FramingException(400, "The head has a bare CR at the start of a line.");
        }
        return fields;
    }

    private void field(HeaderFields fields) throws FramingException {
        int nameStart = at;
        int nameEnd = nameStart;
        while (isToken(head[nameEnd])) {
            nameEnd++;
        }
        if (nameEnd == nameStart || head[nameEnd] != ':') {
            throw new FramingException(400, "A header field's name is not a token followed by a colon.");
        }
        int start = nameEnd + 1;
        int lineEnd = valueEnd(start);
        int end = lineEnd;
        while (start < end && isBlank(head[start])) {
            start++;
        }
        while (end > start && isBlank(head[end - 1])) {
            end--;
        }
        fields.add(nameStart, nameEnd, start, end);
        at = lineEnd + 2;
    }

    /** The place of the CR LF that ends this line; everything before it must be text. */
    private int valueEnd(int start) throws FramingException {
        int end = start;
        while ((head[end] >= ' ' && head[end] != 0x7F) || head[end] < 0 || head[end] == '\t') {
            end++;
        }
        if (head[end] != '\r' || head[end + 1] != '\n') {
            throw new FramingException(400, "The head has a control character where text was expected.");
        }
        return end;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The one {@code Content-Length}, or -1 without one. */
    static long contentLength(HeaderFields fields) throws FramingException {
        int i = fields.find(HeaderName.CONTENT_LENGTH);
        if (i < 0) {
            return -1;
        }
        if (fields.find(HeaderName.CONTENT_LENGTH, i + 1) >= 0) {
            throw new FramingException(400, "There is more than one Content-Length.");
        }
        String value = fields.valueText(i);
        if (value.isEmpty() || value.length() > CONTENT_LENGTH_DIGITS_MAX) {
            throw new FramingException(400, "Content-Length is not a number of 1 to 18 digits.");
        }
        long length = 0;
        for (int k = 0; k < value.length(); k++) {
            int digit = value.charAt(k) - '0';
            if (digit < 0 || digit > 9) {
                throw new FramingException(400, "Content-Length is not a number of 1 to 18 digits.");
            }
            length = length * 10 + digit;
        }
        return length;
    }

    /** Whether the body is chunked. */
    static boolean chunked(HeaderFields fields) throws FramingException {
        int i = fields.find(HeaderName.TRANSFER_ENCODING);
        if (i < 0) {
            return false;
        }
        if (fields.find(HeaderName.TRANSFER_ENCODING, i + 1) >= 0 || !fields.valueIs(i, "chunked")) {
            throw new FramingException(400, "Transfer-Encoding is something else than exactly chunked.");
        }
        if (fields.find(HeaderName.CONTENT_LENGTH) >= 0) {
            throw new FramingException(400, "There are both a Transfer-Encoding and a Content-Length.");
        }
        return true;
    }
}
