package headgate.filters.token;

import headgate.conf.IssuerConfig;
import headgate.filters.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token says about its caller, and for how long (RFC 7519, section 4.1).
 *
 * <p>Nothing of it is true before the signature is verified; looking at it first keeps tokens that would be refused anyhow
 * from costing a signature, or a look at the issuer's documents.
 */
record TokenClaims(Map<String, Object> members) {
    /** The end of the year 9999: what lies behind is no date. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    String issuer() throws TokenException {
        String issuer = text("iss");
        if (issuer == null) {
            throw new TokenException(TokenFault.ISSUER_MISSING);
        }
        return issuer;
    }

    /**
     * Whether the token is from the right tenant, for us, and valid now.
     *
     * @param nowMs by the wall clock
     * @return until when it may be taken, in milliseconds by the same clock
     */
    long check(IssuerConfig issuer, long nowMs) throws TokenException {
        if (issuer.tenant() != null && !issuer.tenant().equals(text("tid"))) {
            throw new TokenException(TokenFault.TENANT);
        }
        List<String> audiences = texts("aud");
        if (audiences.isEmpty()) {
            throw new TokenException(TokenFault.AUDIENCE_MISSING);
        }
        if (audiences.stream().noneMatch(audience -> issuer.audiences().contains(withoutSlash(audience)))) {
            throw new TokenException(TokenFault.AUDIENCE);
        }
        long leewayMs = issuer.leeway().toMillis();
        Long expiry = timeMs("exp");
        if (expiry == null) {
            throw new TokenException(TokenFault.EXPIRY_MISSING);
        }
        if (expiry + leewayMs <= nowMs) {
            throw new TokenException(TokenFault.EXPIRED);
        }
        requireNotLater("nbf", nowMs + leewayMs, TokenFault.NOT_YET_VALID);
        requireNotLater("iat", nowMs + leewayMs, TokenFault.ISSUED_LATER);
        return expiry + leewayMs;
    }

    /**
     * Who calls.
     *
     * <p>The name is the first subject: of a program its application's id, and of a user, for whom an application asks in a
     * scope, the user's own, since many share the application. Other issuers say neither: then it is what they call their subject.
     */
    Principal principal(IssuerConfig issuer) throws TokenException {
        String application = text("appid") == null ? text("azp") : text("appid");
        List<String> scopes = texts("scp");
        List<String> subjects = new ArrayList<>();
        add(subjects, "app:", application);
        add(subjects, "oid:", text("oid"));
        if (!scopes.isEmpty()) {
            Collections.reverse(subjects);
        }
        if (subjects.isEmpty()) {
            add(subjects, "sub:", text("sub"));
        }
        if (subjects.isEmpty()) {
            throw new TokenException(TokenFault.NOBODY);
        }
        for (String group : texts("groups")) {
            add(subjects, "group:", group);
        }
        for (String role : texts("roles")) {
            add(subjects, "role:", role);
        }
        for (String scope : String.join(" ", scopes).split(" ", -1)) {
            add(subjects, "scope:", scope.isEmpty() ? null : scope);
        }
        // Only of a tenant that was checked: any issuer could write another's.
        add(subjects, "tenant:", issuer.tenant());
        return new Principal(subjects.get(0), List.copyOf(subjects));
    }

    private static void add(List<String> subjects, String kind, @Nullable String value) {
        if (value != null) {
            subjects.add(kind + value);
        }
    }

    private void requireNotLater(String claim, long latestMs, TokenFault fault) throws TokenException {
        Long time = timeMs(claim);
        if (time != null && time > latestMs) {
            throw new TokenException(fault);
        }
    }

    private @Nullable String text(String claim) throws TokenException {
        Object value = members.get(claim);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new TokenException(TokenFault.CLAIM_ILL_FORMED);
    }

    /** A text is a list of one. */
    private List<String> texts(String claim) throws TokenException {
        if (!(members.get(claim) instanceof List<?> items)) {
            String text = text(claim);
            return text == null ? List.of() : List.of(text);
        }
        List<String> texts = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!(item instanceof String text)) {
                throw new TokenException(TokenFault.CLAIM_ILL_FORMED);
            }
            texts.add(text);
        }
        return texts;
    }

    /** Seconds since 1970, which may have a fraction (RFC 7519, section 2), in milliseconds. */
    private @Nullable Long timeMs(String claim) throws TokenException {
        Object value = members.get(claim);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && Math.abs(number.doubleValue()) <= SECONDS_MAX) {
            return (long) Math.floor(number.doubleValue()) * 1000;
        }
        throw new TokenException(TokenFault.CLAIM_ILL_FORMED);
    }

    private static String withoutSlash(String audience) {
        return audience.endsWith("/") ? audience.substring(0, audience.length() - 1) : audience;
    }
}
