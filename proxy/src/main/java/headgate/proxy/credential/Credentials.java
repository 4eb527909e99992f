package headgate.proxy.credential;

import headgate.conf.CredentialConfig.BearerFile;
import headgate.conf.CredentialConfig.Entra;
import headgate.conf.CredentialConfig.ManagedIdentity;
import headgate.conf.CredentialConfig.Token;
import headgate.filters.fetch.Fetcher;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The tokens of one configuration: each is fetched once, however many endpoints show it. */
public final class Credentials {
    /** How to speak TLS with a token endpoint. */
    public interface Trust {
        /** What trusts the authorities of this PEM file; null for the system's. */
        SslContext of(@Nullable Path authorities) throws SSLException;
    }

    private interface Starter {
        TokenSource source(EventLoop loop, Fetcher fetcher);
    }

    private final Trust trust;
    private final Map<Token, Credential> credentials = new LinkedHashMap<>();
    private final Map<Credential, Starter> starters = new LinkedHashMap<>();
    private final List<ExecutorService> files = new ArrayList<>(1);

    /** None as yet. */
    public Credentials(Trust trust) {
        this.trust = trust;
    }

    /**
     * The credential that is written so, always the same.
     *
     * @throws SSLException if a file of certificate authorities cannot be used
     */
    public Credential of(Token config) throws SSLException {
        Credential credential = credentials.get(config);
        if (credential == null) {
            credential = new Credential(config.name());
            credentials.put(config, credential);
            starters.put(credential, starter(config));
        }
        return credential;
    }

    /** All there are. */
    public Collection<Credential> all() {
        return List.copyOf(credentials.values());
    }

    /** Has them fetched from now on, in the background, on this loop. */
    public void start(EventLoop loop, Fetcher fetcher) {
        if (!starters.isEmpty()) {
            ExecutorService beside = Executors.newSingleThreadExecutor(new DefaultThreadFactory("credentials", true));
            files.add(beside);
            starters.forEach((credential, starter) -> credential.start(loop, starter.source(loop, fetcher), beside));
        }
    }

    /** Has them fetched no more. */
    public void stop() {
        credentials.values().forEach(Credential::stop);
        files.forEach(ExecutorService::shutdownNow);
    }

    private Starter starter(Token config) throws SSLException {
        if (config instanceof Entra entra) {
            TokenEndpoint.Question question = new EntraQuestion(entra, trust.of(entra.ca()));
            return (loop, fetcher) -> new TokenEndpoint(question, fetcher, loop);
        }
        if (config instanceof ManagedIdentity managed) {
            boolean plain = "http".equalsIgnoreCase(managed.endpoint().getScheme());
            TokenEndpoint.Question question = new ManagedIdentityQuestion(managed, plain ? null : trust.of(null));
            return (loop, fetcher) -> new TokenEndpoint(question, fetcher, loop);
        }
        return (loop, fetcher) -> new TokenFile((BearerFile) config);
    }
}
