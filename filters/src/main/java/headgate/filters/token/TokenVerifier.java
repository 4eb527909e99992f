package headgate.filters.token;

import headgate.conf.TokensConfig;
import headgate.filters.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides about a token: first by all that it says, then, with its issuer's key, by its signature. */
final class TokenVerifier {
    private final Map<String, Issuer> issuers;
    private final TokensConfig bounds;

    /** A verifier that knows these issuers by their names. */
    TokenVerifier(Map<String, Issuer> issuers, TokensConfig bounds) {
        this.issuers = issuers;
        this.bounds = bounds;
    }

    /**
     * A token that would be good if its signature were.
     *
     * @param principal who would be calling
     * @param untilMs until when, by the wall clock
     */
    record Claimed(CompactToken token, TokenHeader header, Issuer issuer, Principal principal, long untilMs) {
        /** Its issuer's key, as far as it is known. */
        @Nullable
        IssuerKey findKey() {
            return issuer.find(header.keyId());
        }

        /**
         * Decides with this key.
         *
         * @param nowMs by the wall clock, which has gone on where the key had to be learnt
         * @return who calls
         * @throws TokenException if this is not the issuer's signature, or the token has expired meanwhile
         */
        Principal verify(IssuerKey key, long nowMs) throws TokenException {
            if (nowMs >= untilMs) {
                throw new TokenException(TokenFault.EXPIRED);
            }
            key.verify(header.algorithm(), token.signed(), token.signature());
            return principal;
        }
    }

    /**
     * Reads a token.
     *
     * @param nowMs by the wall clock
     * @throws TokenException if no signature could make it good
     */
    Claimed read(byte[] credential, long nowMs) throws TokenException {
        CompactToken token = CompactToken.parse(credential, bounds);
        TokenHeader header = TokenHeader.of(token.header());
        TokenClaims claims = new TokenClaims(token.claims());
        Issuer issuer = issuers.get(claims.issuer());
        if (issuer == null) {
            throw new TokenException(TokenFault.ISSUER_UNKNOWN);
        }
        if (!issuer.config().algorithms().contains(header.algorithm())) {
            throw new TokenException(TokenFault.ALGORITHM_NOT_ALLOWED);
        }
        long untilMs = claims.check(issuer.config(), nowMs);
        return new Claimed(token, header, issuer, claims.principal(issuer.config()), untilMs);
    }
}
