package headgate.proxy.upstream;

import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import headgate.filters.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Says the same head in HTTP/1.1 and in HTTP/2 (RFC 9113, section 8).
 *
 * <p>So one place decides what passes to an upstream, one reader judges what it answers, and neither knows which of the two
 * is spoken. What only one of them can express is refused before it is translated.
 */
final class Http2Head {
    /** An HTTP/2 message with one of these is malformed (section 8.2.2). */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private static final byte[] LINE_END = {'\r', '\n'};

    private Http2Head() {}

    /**
     * Translates the head of a request, as {@link UpstreamHead} wrote it.
     *
     * @param head the whole head; ended
     * @param tls whether it goes over TLS
     */
    static Http2Headers request(ByteBuf head, boolean tls) {
        RequestHead parsed;
        try {
            parsed = RequestHead.parse(ByteBufUtil.getBytes(head), Integer.MAX_VALUE);
        } catch (FramingException e) {
            throw new IllegalStateException("the gateway wrote a head that it does not understand", e);
        } finally {
            head.release();
        }
        HeaderFields fields = parsed.fields();
        Http2Headers headers = new DefaultHttp2Headers(false, fields.size() + 4)
                .method(parsed.method())
                .scheme(tls ? "https" : "http")
                .path(parsed.query() == null ? parsed.path() : parsed.path() + '?' + parsed.query());
        for (int i = 0; i < fields.size(); i++) {
            HeaderName name = fields.name(i);
            if (name == HeaderName.HOST) {
                headers.authority(value(fields, i));
            } else if (name != HeaderName.TRANSFER_ENCODING) {
                headers.add(AsciiString.of(fields.nameText(i)), value(fields, i));
            }
        }
        return headers;
    }

    /**
     * Translates the head of an answer.
     *
     * @param fieldsMax how many header fields it may have
     * @throws FramingException if any part of it could not stand in an HTTP/1.1 head, or is not supported
     */
    static AnswerHead answer(Http2Headers headers, int fieldsMax) throws FramingException {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            throw new FramingException(502, "The status is not a number from 100 to 599.");
        }
        ByteArrayOutputStream head = new ByteArrayOutputStream(512);
        write("HTTP/1.1 ", head);
        write(status, head);
        head.writeBytes(LINE_END);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().length() > 0 && field.getKey().charAt(0) == ':') {
                continue;
            }
            if (OF_CONNECTIONS.contains(field.getKey().toString())) {
                throw new FramingException(502, "A header field is not one of HTTP/2.");
            }
            write(field.getKey(), head);
            head.write(':');
            head.write(' ');
            write(field.getValue(), head);
            head.writeBytes(LINE_END);
        }
        head.writeBytes(LINE_END);
        return AnswerHead.parse(head.toByteArray(), fieldsMax);
    }

    /** Writes text of one line; what would end the line must not get as far as the reader. */
    private static void write(CharSequence text, ByteArrayOutputStream head) throws FramingException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new FramingException(502, "A header field has a line end or a NUL in it.");
            }
        }
        head.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static AsciiString value(HeaderFields fields, int i) {
        return new AsciiString(fields.valueBytes(i), false);
    }
}
