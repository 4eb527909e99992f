package headgate.filters.token;

import headgate.conf.IdentityConfig;
import headgate.conf.IssuerConfig;
import headgate.filters.Exchange;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import headgate.filters.fetch.Fetcher;
import headgate.filters.http.AnswerHead;
import headgate.filters.identity.Identifier;
import headgate.filters.token.TokenVerifier.Claimed;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows callers by the tokens of the configured issuers.
 *
 * <p>What is not meant to be a token is left to the next identifier. A verified token is remembered, so that the next
 * exchange costs a hash and a look; one whose key is not known waits for its issuer's documents, where they may have it.
 */
public final class TokenIdentifier implements Identifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenIdentifier.class);
    private static final AnswerHead.Field CHALLENGE =
            new AnswerHead.Field(AsciiString.cached("www-authenticate"), AsciiString.cached("Bearer"));
    private static final long RETRY_MS = 1000;
    private static final String REFUSAL = "Unauthorized. Access token is missing, invalid, audience is incorrect"
            + " (https://cognitiveservices.azure.com), or have expired.";

    /** How to speak TLS with an issuer. */
    public interface Trust {
        /** What trusts the authorities of this PEM file; null for the system's. */
        SslContext of(@Nullable Path authorities) throws SSLException;
    }

    private final Map<String, Issuer> issuers = new LinkedHashMap<>();
    private final Map<Issuer, SslContext> tls = new LinkedHashMap<>();
    private final List<Issuer> unstarted = new ArrayList<>();
    private final IdentityConfig config;
    private final TokenVerifier verifier;
    private final RememberedTokens remembered;
    private final Identifier next;

    /**
     * Knows the configured issuers, and nothing yet of their keys.
     *
     * @param next asked about all that is not meant to be a token
     * @throws SSLException if a file of certificate authorities cannot be used
     */
    public TokenIdentifier(IdentityConfig config, Trust trust, Identifier next) throws SSLException {
        this(config, trust, next, null);
    }

    /**
     * Knows the issuers of a configuration that takes another one's place.
     *
     * @param next asked about all that is not meant to be a token
     * @param before what knows keys of issuers already, of which the same ones go on; null for nothing
     * @throws SSLException if a file of certificate authorities cannot be used
     */
    public TokenIdentifier(IdentityConfig config, Trust trust, Identifier next, @Nullable TokenIdentifier before)
            throws SSLException {
        this.config = config;
        for (IssuerConfig written : config.issuers()) {
            SslContext context = trust.of(written.ca());
            Issuer known = before == null ? null : before.issuers.get(written.issuer());
            boolean same = known != null
                    && before != null
                    && known.config().equals(written)
                    && before.config.tokens().documentBytes() == config.tokens().documentBytes()
                    && before.tls.get(known) == context;
            Issuer issuer = known == null || !same ? new Issuer(written) : known;
            issuers.put(written.issuer(), issuer);
            tls.put(issuer, context);
            if (!same) {
                unstarted.add(issuer);
            }
        }
        this.verifier = new TokenVerifier(issuers, config.tokens());
        boolean judgesAlike = before != null && unstarted.isEmpty() && before.config.equals(config);
        this.remembered = before != null && judgesAlike
                ? before.remembered
                : new RememberedTokens(config.tokens().remembered());
        this.next = next;
    }

    /** Reads the documents of new issuers from now on, in the background, on this loop. */
    public void start(EventLoop loop, Fetcher fetcher) {
        unstarted.forEach(issuer -> issuer.start(
                loop,
                new IssuerDocuments(
                        issuer.config(),
                        Objects.requireNonNull(tls.get(issuer)),
                        fetcher,
                        loop,
                        config.tokens().documentBytes())));
    }

    /**
     * Reads no more of those that are not among the next ones.
     *
     * @param next null for none
     */
    public void stop(@Nullable TokenIdentifier next) {
        Collection<Issuer> kept = next == null ? List.of() : next.issuers.values();
        issuers.values().stream().filter(issuer -> !kept.contains(issuer)).forEach(Issuer::stop);
    }

    /** By their names. */
    Map<String, Issuer> issuers() {
        return issuers;
    }

    @Override
    public void identify(Exchange exchange, byte[] credential, Finding finding) {
        if (issuers.isEmpty() || !CompactToken.isMeant(credential)) {
            next.identify(exchange, credential, finding);
            return;
        }
        RememberedTokens.Hash hash = RememberedTokens.Hash.of(credential);
        long nowMs = System.currentTimeMillis();
        Principal known = remembered.find(hash, nowMs);
        if (known != null) {
            finding.known(known);
            return;
        }
        try {
            Claimed claimed = verifier.read(credential, nowMs);
            IssuerKey key = claimed.findKey();
            if (key != null) {
                decide(claimed, key, hash, finding);
            } else {
                claimed.issuer()
                        .learn(claimed.header().keyId(), exchange.downstream().loop())
                        .addListener((Future<@Nullable IssuerKey> learnt) ->
                                decide(claimed, learnt.getNow(), hash, finding));
            }
        } catch (TokenException e) {
            refuse(e.fault(), finding);
        }
    }

    private void decide(Claimed claimed, @Nullable IssuerKey key, RememberedTokens.Hash hash, Finding finding) {
        if (key == null && claimed.issuer().isKnown()) {
            refuse(TokenFault.KEY_UNKNOWN, finding);
            return;
        }
        if (key == null) {
            // Nobody can say whether the token is good; a client that tries again soon may find out.
            finding.unknown(ProxyError.retryLater(
                    ProxyError.Kind.UNAVAILABLE,
                    "The keys of the access token's issuer are not known at present.",
                    RETRY_MS));
            return;
        }
        try {
            Principal principal = claimed.verify(key, System.currentTimeMillis());
            remembered.add(hash, principal, key, claimed.untilMs());
            finding.known(principal);
        } catch (TokenException e) {
            refuse(e.fault(), finding);
        }
    }

    private static void refuse(TokenFault why, Finding finding) {
        LOG.debug("A token was refused: {}", why);
        finding.unknown(ProxyError.of(ProxyError.Kind.INVALID_TOKEN, REFUSAL, CHALLENGE));
    }
}
