package headgate.filters.token;

import com.nimbusds.jose.JWSAlgorithm;
import headgate.conf.TokenAlgorithm;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a token's header is believed: how it says that it is signed, and by which of its issuer's keys.
 *
 * <p>Everything else that a header can say about keys is refused (RFC 8725, sections 3.1 and 3.10).
 */
record TokenHeader(TokenAlgorithm algorithm, String keyId) {
    private static final int KEY_ID_MAX = 256;
    private static final Map<String, TokenFault> REFUSED = Map.of(
            "jwk", TokenFault.EMBEDDED_KEY,
            "x5c", TokenFault.EMBEDDED_CERTIFICATE,
            "jku", TokenFault.KEY_URL,
            "x5u", TokenFault.CERTIFICATE_URL,
            "b64", TokenFault.UNENCODED,
            "zip", TokenFault.COMPRESSED,
            "enc", TokenFault.ENCRYPTED,
            "cty", TokenFault.NESTED);
    /** That of an ordinary token, and that of an access token (RFC 9068, section 2.1). */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    static TokenHeader of(Map<String, Object> header) throws TokenException {
        for (String name : header.keySet()) {
            TokenFault fault = REFUSED.get(name);
            if (fault != null) {
                throw new TokenException(fault);
            }
        }
        if (header.containsKey("crit")) {
            throw new TokenException(TokenFault.CRITICAL);
        }
        if (!(header.getOrDefault("typ", "JWT") instanceof String type)
                || !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
            throw new TokenException(TokenFault.TYPE);
        }
        return new TokenHeader(algorithm(header.get("alg")), keyId(header.get("kid")));
    }

    private static TokenAlgorithm algorithm(@Nullable Object written) throws TokenException {
        if (!(written instanceof String name)) {
            throw new TokenException(TokenFault.ALGORITHM_MISSING);
        }
        for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
            if (algorithm.name().equals(name)) {
                return algorithm;
            }
        }
        if (name.equalsIgnoreCase("none")) {
            throw new TokenException(TokenFault.UNSIGNED);
        }
        boolean shared = JWSAlgorithm.Family.HMAC_SHA.contains(JWSAlgorithm.parse(name.toUpperCase(Locale.ROOT)));
        throw new TokenException(shared ? TokenFault.SHARED_SECRET : TokenFault.ALGORITHM_UNKNOWN);
    }

    private static String keyId(@Nullable Object written) throws TokenException {
        if (!(written instanceof String id) || id.isEmpty()) {
            throw new TokenException(TokenFault.KEY_ID_MISSING);
        }
        if (id.length() > KEY_ID_MAX) {
            throw new TokenException(TokenFault.KEY_ID_TOO_LONG);
        }
        return id;
    }
}
