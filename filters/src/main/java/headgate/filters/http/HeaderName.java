package headgate.filters.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header fields this program knows, and whether they go on.
 *
 * <p>A field not listed here is end-to-end and goes on as it came, unless the {@code Connection} field names it.
 */
public enum HeaderName {
    // One connection only (RFC 9110, section 7.6.1).
    CONNECTION(Passes.NEVER),
    KEEP_ALIVE(Passes.NEVER),
    PROXY_CONNECTION(Passes.NEVER),
    PROXY_AUTHENTICATE(Passes.NEVER),
    TE(Passes.NEVER),
    TRAILER(Passes.NEVER),
    UPGRADE(Passes.NEVER),
    HTTP2_SETTINGS(Passes.NEVER),
    EXPECT(Passes.NEVER),

    // Framing is written anew for each side.
    CONTENT_LENGTH(Passes.NEVER),
    TRANSFER_ENCODING(Passes.NEVER),

    // Nothing of the caller's credential reaches an upstream.
    AUTHORIZATION(Passes.DOWN),
    API_KEY(Passes.DOWN),
    X_API_KEY(Passes.DOWN),
    OCP_APIM_SUBSCRIPTION_KEY(Passes.DOWN),
    PROXY_AUTHORIZATION(Passes.NEVER),
    COOKIE(Passes.NEVER),
    SET_COOKIE(Passes.NEVER),

    // Nothing in a request chooses a host, and a provider does not learn who stands before the gateway.
    HOST(Passes.NEVER),
    FORWARDED(Passes.NEVER),
    VIA(Passes.NEVER),
    X_FORWARDED_FOR(Passes.NEVER),
    X_FORWARDED_HOST(Passes.NEVER),
    X_FORWARDED_PORT(Passes.NEVER),
    X_FORWARDED_PROTO(Passes.NEVER),
    X_FORWARDED_PREFIX(Passes.NEVER),
    X_ORIGINAL_URL(Passes.NEVER),
    X_REWRITE_URL(Passes.NEVER),
    X_REAL_IP(Passes.NEVER),
    ALT_SVC(Passes.NEVER),

    // Read by the gateway, and not meant for the upstream.
    EXTRA_PARAMETERS(Passes.NEVER),
    X_MS_MODEL_MESH_MODEL_NAME(Passes.NEVER),
    AZUREML_MODEL_DEPLOYMENT(Passes.NEVER),

    // Every answer carries the gateway's own; the upstream's goes to the access log.
    X_REQUEST_ID(Passes.UP),
    APIM_REQUEST_ID(Passes.NEVER),

    // End-to-end, and looked at.
    ACCEPT_ENCODING(Passes.BOTH),
    CONTENT_ENCODING(Passes.BOTH),
    CONTENT_TYPE(Passes.BOTH),
    RETRY_AFTER(Passes.BOTH),
    RETRY_AFTER_MS(Passes.BOTH),
    TRACEPARENT(Passes.BOTH),
    TRACESTATE(Passes.BOTH),

    // An upstream's own; replaced where the gateway has limits itself.
    X_RATELIMIT_LIMIT_REQUESTS(Passes.BOTH),
    X_RATELIMIT_REMAINING_REQUESTS(Passes.BOTH),
    X_RATELIMIT_RESET_REQUESTS(Passes.BOTH),
    X_RATELIMIT_LIMIT_TOKENS(Passes.BOTH),
    X_RATELIMIT_REMAINING_TOKENS(Passes.BOTH),
    X_RATELIMIT_RESET_TOKENS(Passes.BOTH);

    private enum Passes {
        BOTH,
        UP,
        DOWN,
        NEVER
    }

    private static final HeaderName[][] BY_LENGTH = byLength();

    private final String lowerCase;

    private final Passes passes;

    HeaderName(Passes passes) {
        this.lowerCase = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.passes = passes;
    }

    /** Whether a caller's field of this name is sent to an upstream. */
    public boolean goesUpstream() {
        return passes == Passes.BOTH || passes == Passes.UP;
    }

    /** Whether an upstream's field of this name is sent to the caller. */
    public boolean goesDownstream() {
        return passes == Passes.BOTH || passes == Passes.DOWN;
    }

    /** Whether a field of this name tells where a rate limit stands. */
    public boolean tellsRateLimit() {
        return compareTo(X_RATELIMIT_LIMIT_REQUESTS) >= 0 && compareTo(X_RATELIMIT_RESET_TOKENS) <= 0;
    }

    /** Whether this is the name. */
    public boolean isName(CharSequence name) {
        return lowerCase.contentEquals(name);
    }

    /** Finds the name that stands in {@code bytes[from, to)}, whatever its case; null for a name not listed. */
    public static @Nullable HeaderName of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= BY_LENGTH.length) {
            return null;
        }
        for (HeaderName name : BY_LENGTH[length]) {
            if (equalsIgnoreCase(name.lowerCase, bytes, from)) {
                return name;
            }
        }
        return null;
    }

    /** Compares ASCII text in lower case with {@code bytes} from {@code from} on, which must be long enough. */
    static boolean equalsIgnoreCase(String lowerCase, byte[] bytes, int from) {
        for (int i = 0; i < lowerCase.length(); i++) {
            int b = bytes[from + i];
            if (b >= 'A' && b <= 'Z') {
                b |= 0x20;
            }
            if (b != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static HeaderName[][] byLength() {
        int longest = 0;
        for (HeaderName name : values()) {
            longest = Math.max(longest, name.lowerCase.length());
        }
        HeaderName[][] table = new HeaderName[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            List<HeaderName> names = new ArrayList<>();
            for (HeaderName name : values()) {
                if (name.lowerCase.length() == length) {
                    names.add(name);
                }
            }
            table[length] = names.toArray(HeaderName[]::new);
        }
        return table;
    }
}
