package headgate.filters.http;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request, read strictly.
 *
 * @param method the method, as it came
 * @param path the target's path, still encoded; begins with a slash, or is {@code *}
 * @param query the target's query without its question mark, still encoded; null without one
 * @param http11 whether the caller speaks HTTP/1.1 or newer
 * @param contentLength the body's length in bytes, or -1 when it is not announced
 * @param chunked whether the body comes in chunks
 * @param fields all header fields
 */
public record RequestHead(
        String method,
        String path,
        @Nullable String query,
        boolean http11,
        long contentLength,
        boolean chunked,
        HeaderFields fields) {
    /** Stands in the log and in an error's way for a request whose head could not be read. */
    public static final RequestHead UNREADABLE = new RequestHead("-", "-", null, true, -1, false, HeaderFields.NONE);

    /**
     * Reads a head.
     *
     * @param head all its bytes, with the empty line
     * @param fieldsMax how many header fields it may have
     * @throws FramingException if any part of it could be understood in two ways, or is not supported
     */
    public static RequestHead parse(byte[] head, int fieldsMax) throws FramingException {
        HeadParser parser = new HeadParser(head);
        String method = parser.word(' ', "method");
        for (int i = 0; i < method.length(); i++) {
            if (!HeadParser.isToken((byte) method.charAt(i))) {
                throw new FramingException(400, "The method is not a token.");
            }
        }
        String target = parser.word(' ', "target");
        boolean http11 = requireVersion(parser.restOfLine());
        HeaderFields fields = parser.fields(fieldsMax);
        boolean chunked = HeadParser.chunked(fields);
        if (chunked && !http11) {
            throw new FramingException(400, "HTTP/1.0 has no Transfer-Encoding.");
        }
        requireHost(fields, http11);
        String pathAndQuery = originForm(target, method);
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        String query = mark < 0 ? null : pathAndQuery.substring(mark + 1);
        return new RequestHead(method, path, query, http11, HeadParser.contentLength(fields), chunked, fields);
    }

    /** Whether a body follows. */
    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** Whether the caller waits for {@code 100 Continue} before it sends the body. */
    public boolean expectsContinue() {
        return http11 && hasBody() && fields.lists(HeaderName.EXPECT, "100-continue");
    }

    /** Whether the caller wants to go on with this connection. HTTP/1.0 callers are not kept. */
    public boolean keepAlive() {
        return http11 && !(fields.find(HeaderName.CONNECTION) >= 0 && fields.lists(HeaderName.CONNECTION, "close"));
    }

    private static boolean requireVersion(String version) throws FramingException {
        return switch (version) {
            case "HTTP/1.1" -> true;
            case "HTTP/1.0" -> false;
            default ->
                throw new FramingException(
                        version.startsWith("HTTP/") ? 505 : 400, "The version is neither HTTP/1.1 nor HTTP/1.0.");
        };
    }

    private static void requireHost(HeaderFields fields, boolean http11) throws FramingException {
        int host = fields.find(HeaderName.HOST);
        if (host < 0 ? http11 : fields.find(HeaderName.HOST, host + 1) >= 0) {
            throw new FramingException(400, "Exactly one Host field was expected.");
        }
    }

    /** The path and query of a target in origin, absolute or asterisk form (RFC 9112, section 3.2). */
    private static String originForm(String target, String method) throws FramingException {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) > '~' || target.charAt(i) == '#') {
                throw new FramingException(400, "The target has a character that must be percent-encoded.");
            }
        }
        if (target.charAt(0) == '/' || (target.equals("*") && method.equals("OPTIONS"))) {
            return target;
        }
        int authority = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (authority < 0) {
            throw new FramingException(400, "The target is neither a path nor an http URL.");
        }
        int path = authority;
        while (path < target.length() && target.charAt(path) != '/' && target.charAt(path) != '?') {
            path++;
        }
        if (path == authority) {
            throw new FramingException(400, "The target is a URL without a host.");
        }
        String rest = target.substring(path);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
