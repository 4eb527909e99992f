package headgate.proxy.journey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An issuer of tokens under a certificate of the tests' own: a tenant's two documents, its keys, tokens for an application,
 * and what can go wrong.
 *
 * <p>Its keys are made once for all tests, since making them takes long.
 */
public final class TokenAuthority implements AutoCloseable {
    static final String TENANT = "0f5c7b5e-2a4d-4c5b-9a51-6d7f6f0e3b21";
    static final String AUDIENCE = "https://cognitiveservices.azure.com";
    public static final RSAKey FIRST = key("first");
    static final RSAKey SECOND = key("second");

    /** What becomes of a request. */
    enum Mode {
        ANSWER,
        FAIL,
        STALL
    }

    private final TestAuthority certificates = new TestAuthority("127.0.0.1");
    private final ScriptedUpstream documents = certificates.start(this::answer);
    private final ApplicationTokens tokens = new ApplicationTokens(endpoint("token"));
    private final AtomicInteger keysAsked = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<RSAKey> published = List.of(FIRST);
    private volatile Mode mode = Mode.ANSWER;

    public TokenAuthority() throws Exception {}

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "https://127.0.0.1:" + documents.port();
    }

    /** The name in the second version's tokens. */
    String issuer() {
        return url() + "/" + TENANT + "/v2.0";
    }

    /** The name in the first version's tokens. */
    static String oldIssuer() {
        return "https://sts.example/" + TENANT + "/";
    }

    /** What gives tokens to applications. */
    ApplicationTokens tokens() {
        return tokens;
    }

    /** A PEM file with what to trust. */
    Path certificate() throws IOException {
        return certificates.file();
    }

    /** The tenant as a gateway's issuer, with further keys. */
    public String yaml(String more) throws IOException {
        return "{ tenant: %s, authority: \"%s\", sts: \"https://sts.example\", ca: %s%s }"
                .formatted(TENANT, url(), certificates.file(), more);
    }

    /** From now on these keys are published, and no others. */
    void publish(RSAKey... keys) {
        published = List.of(keys);
    }

    void mode(Mode now) {
        mode = now;
    }

    /** How often keys were asked for, by both of the tenant's names together. */
    int keysAsked() {
        return keysAsked.get();
    }

    /** Claims of a program's token that is good for five minutes. */
    public JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(AUDIENCE)
                .claim("tid", TENANT)
                .claim("appid", "an-application")
                .claim("oid", "its-object")
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    }

    public static String token(RSAKey key, JWTClaimsSet.Builder claims) throws JOSEException {
        return token(key.getKeyID(), key, claims);
    }

    static String token(String keyId, RSAKey key, JWTClaimsSet.Builder claims) throws JOSEException {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build();
        SignedJWT token = new SignedJWT(header, claims.build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private void answer(ScriptedUpstream.Request request, ScriptedUpstream.Call call)
            throws IOException, InterruptedException {
        String path = request.line().split(" ", -1)[1];
        if (path.equals("/keys")) {
            keysAsked.incrementAndGet();
        }
        if (mode == Mode.STALL) {
            closed.await();
        }
        if (mode == Mode.FAIL) {
            call.json(500, "{}");
        } else if (path.equals("/keys")) {
            call.json(200, new JWKSet(List.copyOf(published)).toString());
        } else if (url().concat(path).equals(endpoint("token"))) {
            tokens.answer(request, call);
        } else if (Arrays.asList(path.split("/", -1)).contains("v2.0")) {
            call.json(200, document(issuer()));
        } else {
            call.json(200, document(oldIssuer()));
        }
    }

    private String document(String issuer) {
        return """
                {"issuer":"%s","jwks_uri":"%s/keys","token_endpoint":"%s","authorization_endpoint":"%s"}""".formatted(issuer, url(), endpoint("token"), endpoint("authorize"));
    }

    private String endpoint(String name) {
        return url() + "/" + TENANT + "/oauth2/v2.0/" + name;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        documents.close();
    }
}
