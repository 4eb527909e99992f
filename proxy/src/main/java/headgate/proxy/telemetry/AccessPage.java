package headgate.proxy.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Lines of JSON as bytes, until they are written.
 *
 * <p>Filled by one thread; what was taken off may be read by any.
 */
final class AccessPage {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int LINE_BYTES = 1024;
    /** Of what every line begins with. */
    static final int TIME_BYTES = "{\"time\":\"2026-01-01T00:00:00.000Z\"".length();

    private final int bytesWanted;
    private byte[] bytes;
    private int length;
    private int lines;
    private long second = Long.MIN_VALUE;
    private String secondText = "";

    AccessPage(int bytesWanted) {
        this(bytesWanted, new byte[bytesWanted + LINE_BYTES]);
    }

    private AccessPage(int bytesWanted, byte[] bytes) {
        this.bytesWanted = bytesWanted;
        this.bytes = bytes;
    }

    /** Takes the lines off this page, as one of their size that is not written to any more. */
    AccessPage take() {
        AccessPage taken = new AccessPage(0, Arrays.copyOf(bytes, length));
        taken.length = length;
        taken.lines = lines;
        length = 0;
        lines = 0;
        return taken;
    }

    boolean full() {
        return length >= bytesWanted;
    }

    int lines() {
        return lines;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Copies the line that begins there without its end, as far as there is room; returns where the next one begins. */
    int copyLine(int start, ByteBuffer to) {
        int end = end(start);
        to.put(bytes, start, Math.min(end - start, to.remaining()));
        return end + 1;
    }

    /** Adds the lines that have this member behind their time, but for the first so many lines, which count as forgotten. */
    void find(AccessPage member, int forgotten, List<String> found) {
        int end;
        for (int line = 0, start = 0; line < lines; line++, start = end + 1) {
            end = end(start);
            int from = Math.min(start + TIME_BYTES, end);
            int to = Math.min(from + member.length, end);
            if (line >= forgotten && Arrays.equals(bytes, from, to, member.bytes, 0, member.length)) {
                found.add(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
            }
        }
    }

    private int end(int start) {
        int end = start;
        while (bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Writes ASCII as it is. */
    @SuppressWarnings(
            "deprecation") // Copies low bytes at once, which are all that ASCII has; other methods make an array first.
    AccessPage raw(String ascii) {
        int size = ascii.length();
        reserve(size);
        ascii.getBytes(0, size, bytes, length);
        length += size;
        return this;
    }

    /** Writes a number. */
    AccessPage number(long value) {
        reserve(20);
        if (value < 0) {
            bytes[length++] = '-';
        }
        long left = Math.abs(value);
        int digits = 1;
        for (long power = 10; power <= left && digits < 19; power *= 10) {
            digits++;
        }
        for (int i = digits - 1; i >= 0; i--) {
            bytes[length + i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += digits;
        return this;
    }

    /** Writes milliseconds with three digits behind the point. */
    AccessPage millis(long nanos) {
        long micros = nanos / 1000;
        return number(micros / 1000).thousandths((int) (micros % 1000));
    }

    /** Writes a time in UTC, to the millisecond. */
    AccessPage time(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            second = now;
            String text = Instant.ofEpochSecond(now).toString();
            secondText = text.substring(0, text.length() - 1);
        }
        return raw(secondText)
                .thousandths((int) Math.floorMod(epochMillis, 1000L))
                .raw("Z");
    }

    private AccessPage thousandths(int rest) {
        reserve(4);
        bytes[length++] = '.';
        bytes[length++] = (byte) ('0' + rest / 100);
        bytes[length++] = (byte) ('0' + rest / 10 % 10);
        bytes[length++] = (byte) ('0' + rest % 10);
        return this;
    }

    /** Writes a JSON string; what is not printable ASCII is escaped. */
    AccessPage string(String text) {
        reserve(text.length() * 6 + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return escaped(text);
            }
        }
        raw(text);
        bytes[length++] = '"';
        return this;
    }

    private AccessPage escaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                bytes[length++] = (byte) c;
            } else if (c == '"' || c == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = (byte) c;
            } else {
                bytes[length++] = '\\';
                bytes[length++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    bytes[length++] = HEX[c >> shift & 0xF];
                }
            }
        }
        bytes[length++] = '"';
        return this;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }

    /** Ends a line. */
    void endLine() {
        reserve(1);
        bytes[length++] = '\n';
        lines++;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
