package headgate.proxy.journey;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives tokens to applications over TLS, as Entra does: {@code token-1}, {@code token-2} and so on.
 *
 * <p>It can fail, stall, give the same token again, and let tokens expire quickly.
 */
final class TokenEndpointAuthority implements AutoCloseable {
    static final String TENANT = "0f5c7b5e-2a4d-4c5b-9a51-6d7f6f0e3b21";
    static final String CLIENT = "an-application-of-the-tests";
    static final String SECRET = "a+secret/of=the&application";

    /** What becomes of a request. */
    enum Mode {
        ANSWER,
        REPEAT,
        FAIL,
        STALL
    }

    private final TestAuthority certificates = new TestAuthority("127.0.0.1");
    private final ScriptedUpstream tokens = certificates.start(this::answer);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Mode mode = Mode.ANSWER;
    private volatile long lifeSeconds = 3600;

    TokenEndpointAuthority() throws Exception {}

    String url() {
        return "https://127.0.0.1:" + tokens.port();
    }

    Path certificate() throws IOException {
        return certificates.file();
    }

    /** An application's credential, with its proof and anything more. */
    String yaml(String proof) throws IOException {
        return "{ entra: { tenant: %s, clientId: %s, authority: \"%s\", ca: %s, %s } }"
                .formatted(TENANT, CLIENT, url(), certificate(), proof);
    }

    String yamlWithSecret() throws IOException {
        return yaml("clientSecret: \"" + SECRET + "\"");
    }

    void mode(Mode now) {
        mode = now;
    }

    /** From now on, tokens are good for so long. */
    void lifeSeconds(long seconds) {
        lifeSeconds = seconds;
    }

    /** How often a token was asked for. */
    int asked() {
        return asked.get();
    }

    /** The next request that came. */
    ScriptedUpstream.Request next() throws InterruptedException {
        return tokens.next();
    }

    /** What the next form said. */
    Map<String, String> nextForm() throws InterruptedException {
        return ApplicationTokens.form(next().body());
    }

    private void answer(ScriptedUpstream.Request request, ScriptedUpstream.Call call)
            throws IOException, InterruptedException {
        asked.incrementAndGet();
        if (mode == Mode.STALL) {
            closed.await();
        }
        if (mode == Mode.FAIL) {
            call.json(401, "{\"error\":\"invalid_client\",\"error_description\":\"" + CLIENT + "\"}");
            return;
        }
        int number = mode == Mode.REPEAT ? given.get() : given.incrementAndGet();
        call.json(
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":%d,\"ext_expires_in\":%d,\"access_token\":\"token-%d\"}"
                        .formatted(lifeSeconds, lifeSeconds, number));
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        tokens.close();
    }
}
