package headgate.filters.api;

import headgate.filters.http.AnswerHead;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange ends without the answer it was meant to have: who is to blame, what the caller is told, whether another
 * upstream may be tried.
 *
 * <p>From it follow answer, log line and retry. Stackless: most of them are caused by callers, and must be cheap.
 */
public final class ProxyError extends Exception {
    private static final long serialVersionUID = 1L;

    private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
    private static final AsciiString RETRY_AFTER_MS = AsciiString.cached("retry-after-ms");

    /** What went wrong, as CONTRACT.md, section 4, tells them apart. */
    public enum Kind {
        NO_MODEL_NAME(400, "no_model_name", "invalid_request_error", Blame.DOWNSTREAM),
        UNKNOWN_MODEL(404, "unknown_model", "invalid_request_error", Blame.DOWNSTREAM),
        DEPLOYMENT_NOT_FOUND(404, "DeploymentNotFound", "invalid_request_error", Blame.DOWNSTREAM),
        INVALID_KEY(401, "401", "authentication_error", Blame.DOWNSTREAM),
        INVALID_TOKEN(401, "401", "authentication_error", Blame.DOWNSTREAM),
        PERMISSION_DENIED(401, "PermissionDenied", "authentication_error", Blame.DOWNSTREAM),
        AUTHENTICATION_TYPE_DISABLED(403, "AuthenticationTypeDisabled", "authentication_error", Blame.DOWNSTREAM),
        /** A source that has failed too often to say who it is. */
        TOO_MANY_ATTEMPTS(429, "TooManyRequests", "rate_limit_error", Blame.DOWNSTREAM),
        NOT_FOUND(404, "404", "invalid_request_error", Blame.DOWNSTREAM),
        METHOD_NOT_ALLOWED(405, "MethodNotAllowed", "invalid_request_error", Blame.DOWNSTREAM),
        BAD_REQUEST(400, "BadRequest", "invalid_request_error", Blame.DOWNSTREAM),
        BODY_TOO_LARGE(413, "RequestEntityTooLarge", "invalid_request_error", Blame.DOWNSTREAM),
        UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType", "invalid_request_error", Blame.DOWNSTREAM),
        EXPECTATION_FAILED(417, "ExpectationFailed", "invalid_request_error", Blame.DOWNSTREAM),
        OPERATION_NOT_SUPPORTED(400, "OperationNotSupported", "invalid_request_error", Blame.DOWNSTREAM),
        /** An operator has paused the deployment. */
        DEPLOYMENT_PAUSED(423, "DeploymentPaused", "invalid_request_error", Blame.DOWNSTREAM),
        MODEL_DEPRECATED(410, "ModelDeprecated", "invalid_request_error", Blame.DOWNSTREAM),
        /** There is no room in a rate limit now; the kind that a spillover looks for. */
        RATE_LIMITED(429, "RateLimitReached", "rate_limit_error", Blame.DOWNSTREAM),
        /** There will never be room: no 429, since every SDK tries that again. */
        ABOVE_RATE_LIMIT(400, "RequestAboveRateLimit", "invalid_request_error", Blame.DOWNSTREAM),
        /** The prompt is not to be said; CONTRACT.md, section 5. */
        CONTENT_FILTERED(400, "content_filter", "invalid_request_error", Blame.DOWNSTREAM),
        REQUEST_TIMEOUT(408, "RequestTimeout", "invalid_request_error", Blame.DOWNSTREAM),
        /** The caller went away; nobody is there to be told. */
        DOWNSTREAM_GONE(499, "DownstreamGone", "invalid_request_error", Blame.DOWNSTREAM),
        INTERNAL(500, "InternalServerError", "server_error", Blame.GATEWAY),
        /** Something of the gateway's own is full or stopping. */
        UNAVAILABLE(503, "ServiceUnavailable", "server_error", Blame.GATEWAY),
        CONNECT_FAILED(502, "BadGateway", "server_error", Blame.UPSTREAM),
        /** A kept connection closed before it gave a byte of the answer, or the upstream said that it had not begun. */
        REUSED_CONNECTION_CLOSED(502, "BadGateway", "server_error", Blame.UPSTREAM),
        BAD_ANSWER(502, "BadGateway", "server_error", Blame.UPSTREAM),
        COOLING_DOWN(503, "ServiceUnavailable", "server_error", Blame.UPSTREAM),
        CONNECT_TIMEOUT(504, "GatewayTimeout", "server_error", Blame.UPSTREAM),
        ANSWER_TIMEOUT(504, "GatewayTimeout", "server_error", Blame.UPSTREAM);

        private final int status;
        private final String code;
        private final String type;
        private final Blame blame;

        Kind(int status, String code, String type, Blame blame) {
            this.status = status;
            this.code = code;
            this.type = type;
            this.blame = blame;
        }

        /** The {@code error.code} callers match on. */
        public String code() {
            return code;
        }

        /** The {@code error.type} of the OpenAI surfaces. */
        public String type() {
            return type;
        }

        /** Whose fault it is. */
        public Blame blame() {
            return blame;
        }
    }

    /** Whose fault an error is; also who ended an exchange, in the access log. */
    public enum Blame {
        DOWNSTREAM,
        GATEWAY,
        UPSTREAM
    }

    private final Kind kind;
    private final int status;
    private final transient List<AnswerHead.Field> fields;
    private final @Nullable String filterResults;

    private ProxyError(Kind kind, int status, String message, List<AnswerHead.Field> fields) {
        this(kind, status, message, fields, null);
    }

    private ProxyError(
            Kind kind, int status, String message, List<AnswerHead.Field> fields, @Nullable String filterResults) {
        super(message, null, false, false);
        this.filterResults = filterResults;
        this.kind = kind;
        this.status = status;
        this.fields = fields;
    }

    /** An error of this kind, with the message the caller reads. */
    public static ProxyError of(Kind kind, String message) {
        return new ProxyError(kind, kind.status, message, List.of());
    }

    /** An error that carries a header field, such as {@code Allow}. */
    public static ProxyError of(Kind kind, String message, AnswerHead.Field field) {
        return new ProxyError(kind, kind.status, message, List.of(field));
    }

    /** An error of framing, with the status that was decided where the bytes were read. */
    public static ProxyError ofFraming(int status, String message) {
        return new ProxyError(status == 408 ? Kind.REQUEST_TIMEOUT : Kind.BAD_REQUEST, status, message, List.of());
    }

    /**
     * An error that passes by itself.
     *
     * @param afterMs in how many milliseconds another try can succeed; told in {@code retry-after} (whole seconds, rounded
     *     up) and {@code retry-after-ms}
     */
    public static ProxyError retryLater(Kind kind, String message, long afterMs) {
        long seconds = Math.max(1, (afterMs + 999) / 1000);
        return new ProxyError(
                kind,
                kind.status,
                message,
                List.of(
                        new AnswerHead.Field(RETRY_AFTER, Long.toString(seconds)),
                        new AnswerHead.Field(RETRY_AFTER_MS, Long.toString(Math.max(1, afterMs)))));
    }

    /**
     * A prompt that is not to be said.
     *
     * @param results what was found in it, the {@code content_filter_result} that callers read, in JSON
     */
    public static ProxyError filtered(String message, String results) {
        return new ProxyError(Kind.CONTENT_FILTERED, Kind.CONTENT_FILTERED.status, message, List.of(), results);
    }

    /** What was found in a filtered prompt, in JSON; null in all other cases. */
    public @Nullable String filterResults() {
        return filterResults;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** Header fields the answer carries beside the usual ones. */
    public List<AnswerHead.Field> fields() {
        return fields;
    }

    /** What is wrong, as the caller reads it. */
    @Override
    public String getMessage() {
        @Nullable String message = super.getMessage();
        return message == null ? kind.code : message;
    }
}
