package headgate.proxy.journey;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests as a gateway must write them, and takes nothing else: one spelling for everything.
 *
 * <p>An oracle: it shares no code with what it judges, and is stricter than any upstream.
 */
final class StrictReader {
    /** One request: its first line, its fields as they came, its body. */
    record Request(String line, List<String> fields, String body) {}

    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t -~\\x80-\\xff]*)");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[1-9a-f][0-9a-f]{0,7}");

    private final InputStream in;

    StrictReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one request.
     *
     * @return null where the connection ends between two requests
     * @throws AssertionError if something is not exactly as it must be
     * @throws IOException if the connection ends in the middle
     */
    @Nullable
    Request read() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        String line = (char) first + line();
        List<String> fields = new ArrayList<>();
        String length = null;
        boolean chunked = false;
        for (String field = line(); !field.isEmpty(); field = line()) {
            fields.add(field);
            Matcher matcher = FIELD.matcher(field);
            require(matcher.matches(), field);
            if (matcher.group(1).equalsIgnoreCase("content-length")) {
                require(
                        length == null
                                && !chunked
                                && LENGTH.matcher(matcher.group(2)).matches(),
                        field);
                length = matcher.group(2);
            } else if (matcher.group(1).equalsIgnoreCase("transfer-encoding")) {
                require(length == null && !chunked && matcher.group(2).equals("chunked"), field);
                chunked = true;
            }
        }
        require(length != null || chunked, "no framing: " + fields);
        return new Request(line, fields, chunked ? chunks() : payload(Integer.parseInt(length)));
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (String size = line(); !size.equals("0"); size = line()) {
            require(CHUNK_SIZE.matcher(size).matches(), size);
            body.append(payload(Integer.parseInt(size, 16)));
            require(line().isEmpty(), "no line end behind a chunk");
        }
        require(line().isEmpty(), "no line end behind the last chunk");
        return body.toString();
    }

    private String payload(int length) throws IOException {
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new IOException("the body ended in the middle");
        }
        return new String(payload, StandardCharsets.ISO_8859_1);
    }

    /** A line without its CR LF; neither of the two stands anywhere else. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new IOException("a line ended in the middle: " + line);
            }
            require(b != '\n', "a bare LF");
            line.write(b);
        }
        require(in.read() == '\n', "a bare CR");
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("not as it must be: " + what);
        }
    }
}
