package headgate.filters.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The head of an answer: an upstream's, read strictly, or the gateway's own.
 *
 * @param status three digits, 100 to 599
 * @param contentLength the body's length in bytes, or -1 when it is not announced
 * @param chunked whether the body comes in chunks, on the connection it was read from
 * @param keepAlive whether the sender goes on with the connection
 * @param fields the header fields as they came; none when the answer is the gateway's own
 * @param added fields to be sent beside those
 */
public record AnswerHead(
        int status, long contentLength, boolean chunked, boolean keepAlive, HeaderFields fields, List<Field> added) {
    /** One header field to add. */
    public record Field(CharSequence name, CharSequence value) {}

    /** The head of an answer that the gateway gives itself. */
    public static AnswerHead own(int status, long contentLength, List<Field> fields) {
        return new AnswerHead(status, contentLength, false, true, HeaderFields.NONE, fields);
    }

    /**
     * Reads a head.
     *
     * @param head all its bytes, with the empty line
     * @param fieldsMax how many header fields it may have
     * @throws FramingException if any part of it could be understood in two ways, or is not supported
     */
    public static AnswerHead parse(byte[] head, int fieldsMax) throws FramingException {
        HeadParser parser = new HeadParser(head);
        String version = parser.word(' ', "version");
        boolean http11 = version.equals("HTTP/1.1");
        if (!http11 && !version.equals("HTTP/1.0")) {
            throw new FramingException(502, "The version is neither HTTP/1.1 nor HTTP/1.0.");
        }
        int status = status(parser.restOfLine());
        HeaderFields fields = parser.fields(fieldsMax);
        boolean chunked = HeadParser.chunked(fields);
        boolean keepAlive =
                http11 && !(fields.find(HeaderName.CONNECTION) >= 0 && fields.lists(HeaderName.CONNECTION, "close"));
        return new AnswerHead(status, HeadParser.contentLength(fields), chunked, keepAlive, fields, List.of());
    }

    /** Whether an answer of this status to this method has no body, whatever its fields say (RFC 9112, section 6.3). */
    public boolean isBodiless(String method) {
        return status < 200 || status == 204 || status == 304 || method.equals("HEAD");
    }

    /** Whether the body is a stream of server-sent events. */
    public boolean isEventStream() {
        int i = fields.find(HeaderName.CONTENT_TYPE);
        if (i < 0 || fields.find(HeaderName.CONTENT_ENCODING) >= 0) {
            return false;
        }
        String type = fields.valueText(i);
        return type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    /** The same head with these fields added behind those it has. */
    public AnswerHead with(List<Field> more) {
        List<Field> all = new ArrayList<>(added);
        all.addAll(more);
        return new AnswerHead(status, contentLength, chunked, keepAlive, fields, all);
    }

    /** The same head with another body length, -1 for one that is not known. */
    public AnswerHead withContentLength(long length) {
        return new AnswerHead(status, length, chunked, keepAlive, fields, added);
    }

    private static int status(String line) throws FramingException {
        if (line.length() >= 3 && (line.length() == 3 || line.charAt(3) == ' ')) {
            int status = 0;
            for (int i = 0; i < 3; i++) {
                int digit = line.charAt(i) - '0';
                status = digit < 0 || digit > 9 ? -1000 : status * 10 + digit;
            }
            if (status >= 100 && status <= 599) {
                return status;
            }
        }
        throw new FramingException(502, "The status is not a number from 100 to 599.");
    }
}
