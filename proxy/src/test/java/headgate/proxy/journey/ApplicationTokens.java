package headgate.proxy.journey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Gives real tokens to the one application that proves itself, by each proof that Entra takes (RFC 6749, section 4.4).
 *
 * <p>They are of the first version, as Entra's are for the services that a gateway stands in for.
 */
final class ApplicationTokens {
    static final String APPLICATION = "3d1f6a52-84a6-4f0c-9d3e-1f7f3f1b6c44";
    static final String SECRET = "a+secret/of=the&application";
    static final String FEDERATED = "an.assertion.of-the-platform";

    private static final String SCOPE_END = "/.default";

    private final String url;
    private final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
    private volatile @Nullable RSAPublicKey publicKey;

    /** Gives tokens at this address. */
    ApplicationTokens(String url) {
        this.url = url;
    }

    /** From now on, an assertion that this key has signed is a proof. */
    void trust(RSAPublicKey key) {
        publicKey = key;
    }

    /** What was asked, in order. */
    List<Map<String, String>> forms() {
        return forms;
    }

    void answer(ScriptedUpstream.Request request, ScriptedUpstream.Call call) throws IOException {
        Map<String, String> form = form(request.body());
        forms.add(form);
        try {
            if (!"client_credentials".equals(form.get("grant_type"))) {
                refuse(call, "unsupported_grant_type", 70003);
            } else if (!APPLICATION.equals(form.get("client_id")) || !isProved(form)) {
                refuse(call, "invalid_client", 7000215);
            } else {
                call.json(200, """
                        {"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"%s"}""".formatted(token(form)));
            }
        } catch (ParseException | JOSEException e) {
            refuse(call, "invalid_client", 50027);
        }
    }

    private boolean isProved(Map<String, String> form) throws ParseException, JOSEException {
        String assertion = form.get("client_assertion");
        if (assertion == null) {
            return SECRET.equals(form.get("client_secret"));
        }
        if (!"urn:ietf:params:oauth:client-assertion-type:jwt-bearer".equals(form.get("client_assertion_type"))) {
            return false;
        }
        RSAPublicKey key = publicKey;
        return assertion.equals(FEDERATED) || (key != null && isSigned(SignedJWT.parse(assertion), key));
    }

    /** As RFC 7523, section 3, asks: by whom, about whom, for us, and for how long. */
    private boolean isSigned(SignedJWT assertion, RSAPublicKey key) throws ParseException, JOSEException {
        JWTClaimsSet claims = assertion.getJWTClaimsSet();
        return assertion.verify(new RSASSAVerifier(key))
                && assertion.getHeader().getX509CertSHA256Thumbprint() != null
                && APPLICATION.equals(claims.getIssuer())
                && APPLICATION.equals(claims.getSubject())
                && claims.getAudience().equals(List.of(url))
                && claims.getExpirationTime().toInstant().isAfter(Instant.now());
    }

    private static String token(Map<String, String> form) throws JOSEException {
        String scope = Arrays.stream(form.getOrDefault("scope", "").split(" ", -1))
                .filter(part -> part.endsWith(SCOPE_END))
                .findFirst()
                .orElse(SCOPE_END);
        Date now = Date.from(Instant.now());
        return TokenAuthority.token(
                TokenAuthority.FIRST,
                new JWTClaimsSet.Builder()
                        .issuer(TokenAuthority.oldIssuer())
                        .audience(scope.substring(0, scope.length() - SCOPE_END.length()))
                        .issueTime(now)
                        .notBeforeTime(now)
                        .expirationTime(Date.from(Instant.now().plusSeconds(3599)))
                        .claim("tid", TokenAuthority.TENANT)
                        .claim("appid", APPLICATION)
                        .claim("oid", "the-applications-object"));
    }

    private static void refuse(ScriptedUpstream.Call call, String error, int number) throws IOException {
        call.json(401, """
                {"error":"%s","error_description":"AADSTS%d: not this application","error_codes":[%2$d]}""".formatted(error, number));
    }

    static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            form.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }
}
