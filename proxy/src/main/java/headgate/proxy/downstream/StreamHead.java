package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.filters.http.FramingException;
import headgate.filters.http.RequestHead;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of a stream by writing it as one of HTTP/1.1, so that one reader judges what a head may say.
 *
 * <p>What is malformed in HTTP/2 alone (RFC 9113, section 8.2 and 8.3) is refused before, and so is everything that could
 * end a line: no field can become two.
 *
 * <p>A {@code content-length} that says one number several times has become that number before it is seen here, which RFC
 * 9110, section 8.6, allows: the codec has counted the body against it, and it goes on once. HTTP/1.1 is refused it, since
 * there somebody in front may have framed the body by another reading of it; here frames do that.
 */
final class StreamHead {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");
    private static final Set<String> CONNECTION_ONLY =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "http2-settings");
    private static final int HEAD_BYTES = 768;

    private StreamHead() {}

    /**
     * Reads a head.
     *
     * @param endStream whether no body follows
     * @return null where the stream is malformed and must be reset
     * @throws FramingException if the head is refused with a status
     */
    static @Nullable RequestHead tryRead(Http2Headers headers, boolean endStream, LimitsConfig limits)
            throws FramingException {
        if (!isWellFormed(headers)) {
            return null;
        }
        String method = one(headers, ":method");
        String path = one(headers, ":path");
        if (method.length() + path.length() + " HTTP/1.1 ".length() > limits.requestLineBytes()) {
            throw new FramingException(414, "The request line is longer than " + limits.requestLineBytes() + " bytes.");
        }
        StringBuilder head = new StringBuilder(HEAD_BYTES);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        if (headers.contains(":authority")) {
            line(head, "host", one(headers, ":authority"));
        }
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            String name = field.getKey().toString();
            boolean repeatsHost = name.equals("host") && headers.contains(":authority");
            if (name.charAt(0) != ':' && !repeatsHost) {
                line(head, name, field.getValue());
            }
        }
        if (!endStream && !headers.contains("content-length")) {
            line(head, "transfer-encoding", "chunked");
        }
        head.append("\r\n");
        if (head.length() > limits.headerBytes()) {
            throw new FramingException(431, "The head is longer than " + limits.headerBytes() + " bytes.");
        }
        return RequestHead.parse(head.toString().getBytes(StandardCharsets.ISO_8859_1), limits.headerCount());
    }

    /** Whether these may stand behind a body. */
    static boolean areTrailers(Http2Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isName(field.getKey()) || !isText(field.getValue(), ' ')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWellFormed(Http2Headers headers) {
        int pseudo = 0;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            if (name.length() > 0 && name.charAt(0) == ':') {
                pseudo++;
                // A blank inside would begin another part of the first line.
                if (!PSEUDO.contains(name.toString()) || value.length() == 0 || !isText(value, '!')) {
                    return false;
                }
            } else if (!isName(name) || !isText(value, ' ') || !isOfThisVersion(name.toString(), value)) {
                return false;
            }
        }
        int known = headers.contains(":authority") ? 4 : 3;
        return pseudo == known
                && headers.contains(":method")
                && headers.contains(":scheme")
                && headers.contains(":path")
                && isHostTheAuthority(headers);
    }

    private static boolean isOfThisVersion(String name, CharSequence value) {
        return !CONNECTION_ONLY.contains(name)
                && (!name.equals("te") || value.toString().equalsIgnoreCase("trailers"));
    }

    /** Two names for one host are two requests, to two readers. */
    private static boolean isHostTheAuthority(Http2Headers headers) {
        if (!headers.contains(":authority")) {
            return true;
        }
        String authority = one(headers, ":authority").toLowerCase(Locale.ROOT);
        return headers.getAll("host").stream()
                .allMatch(host -> host.toString().toLowerCase(Locale.ROOT).equals(authority));
    }

    private static boolean isName(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return name.length() > 0;
    }

    private static boolean isText(CharSequence value, char lowest) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean blank = c == '\t' && lowest == ' ';
            if ((c < lowest && !blank) || c == 0x7F || c > 0xFF) {
                return false;
            }
        }
        return true;
    }

    private static String one(Http2Headers headers, String name) {
        return String.valueOf(headers.get(name));
    }

    private static void line(StringBuilder head, String name, CharSequence value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
