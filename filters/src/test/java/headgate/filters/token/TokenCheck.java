package headgate.filters.token;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.IdentityConfig;
import headgate.filters.ExchangeProbe;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import headgate.filters.identity.Identifier;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * All that decides about a token, with two issuers whose keys are known: a tenant of Entra's, and one that signs with a curve.
 *
 * <p>Without sockets: documents come when the channel's loop runs.
 */
final class TokenCheck implements Identifier.Finding, AutoCloseable {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExchangeProbe probe = ExchangeProbe.on(channel);
    private final TokenIdentifier identifier;
    private final TokenVerifier verifier;
    private @Nullable Principal known;
    private @Nullable ProxyError refused;

    TokenCheck() {
        IdentityConfig config = config();
        try {
            identifier = new TokenIdentifier(
                    config,
                    authorities -> SslContextBuilder.forClient().build(),
                    (exchange, credential, finding) ->
                            finding.unknown(ProxyError.of(ProxyError.Kind.INVALID_KEY, "left to the keys")));
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
        verifier = new TokenVerifier(identifier.issuers(), config.tokens());
        identifier
                .issuers()
                .forEach((name, issuer) -> issuer.start(
                        channel.eventLoop(),
                        () -> channel.eventLoop()
                                .newSucceededFuture(
                                        parse(name.equals(Forge.OTHER) ? Forge.otherKeys() : Forge.entraKeys()))));
        channel.runPendingTasks();
    }

    private static IdentityConfig config() {
        try {
            return ConfigLoader.load(
                            """
                    identity:
                      issuers:
                        - { tenant: %s }
                        - { issuer: "%s", audiences: [headgate], algorithms: [ES256, RS256, PS256] }
                    deployments: { d: { upstreams: [ { url: "http://127.0.0.1:1" } ] } }
                    """.formatted(Forge.TENANT, Forge.OTHER),
                            Path.of("test.yaml").toAbsolutePath(),
                            Map.of())
                    .identity();
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    static IssuerKeys parse(byte[] document) {
        try {
            return IssuerKeys.parse(document);
        } catch (TokenException e) {
            throw new AssertionError(e.fault().name(), e);
        }
    }

    /** Why this token is bad; null when it is good. */
    @Nullable
    TokenFault fault(byte[] token) {
        try {
            TokenVerifier.Claimed claimed = verifier.read(token, System.currentTimeMillis());
            IssuerKey key = claimed.findKey();
            if (key == null) {
                return TokenFault.KEY_UNKNOWN;
            }
            claimed.verify(key, System.currentTimeMillis());
            return null;
        } catch (TokenException e) {
            return e.fault();
        }
    }

    /** Whose token the identifier takes this for; null when it is refused. */
    @Nullable
    Principal identify(byte[] credential) {
        known = null;
        refused = null;
        identifier.identify(probe.exchange("POST /openai/v1/chat/completions"), credential, this);
        channel.runPendingTasks();
        if ((known == null) == (refused == null)) {
            throw new AssertionError("nothing was found, or twice");
        }
        return known;
    }

    /** What the caller of the last token was told. */
    @Nullable
    ProxyError refusal() {
        return refused;
    }

    @Override
    public void known(Principal principal) {
        known = principal;
    }

    @Override
    public void unknown(ProxyError why) {
        refused = why;
    }

    @Override
    public void close() {
        identifier.stop(null);
        channel.finishAndReleaseAll();
    }
}
