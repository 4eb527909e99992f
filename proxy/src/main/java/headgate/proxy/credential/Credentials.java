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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
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

    /** A credential, and what its source trusts; null where it asks nobody over TLS. */
    private record Made(Credential credential, @Nullable SslContext trust) {}

    private final Trust trust;
    private final Map<Token, Made> before;
    private final Map<Token, Made> made = new LinkedHashMap<>();
    private final Map<Credential, Starter> starters = new LinkedHashMap<>();
    /** The thread that reads files, where there is one: one for all configurations of the process. */
    private final AtomicReference<@Nullable ExecutorService> files;

    /**
     * None as yet.
     *
     * @param before those of the configuration in force, of which the same ones go on; null for none
     */
    public Credentials(Trust trust, @Nullable Credentials before) {
        this.trust = trust;
        this.before = before == null ? Map.of() : before.made;
        this.files = before == null ? new AtomicReference<>() : before.files;
    }

    /**
     * The credential that is written so, always the same.
     *
     * @throws SSLException if a file of certificate authorities cannot be used
     */
    public Credential of(Token config) throws SSLException {
        Made known = made.get(config);
        if (known == null) {
            SslContext context = trusted(config);
            Made old = before.get(config);
            if (old != null && old.trust == context) {
                known = old;
            } else {
                known = new Made(new Credential(config.name()), context);
                starters.put(known.credential, starter(config, context));
            }
            made.put(config, known);
        }
        return known.credential;
    }

    /** All there are. */
    public Collection<Credential> all() {
        return made.values().stream().map(Made::credential).toList();
    }

    /** Has those fetched from now on that are not fetched already, in the background, on this loop. */
    public void start(EventLoop loop, Fetcher fetcher) {
        if (!starters.isEmpty()) {
            ExecutorService beside = files.get();
            if (beside == null) {
                beside = Executors.newSingleThreadExecutor(new DefaultThreadFactory("credentials", true));
                files.set(beside);
            }
            for (Map.Entry<Credential, Starter> starter : starters.entrySet()) {
                starter.getKey().start(loop, starter.getValue().source(loop, fetcher), beside);
            }
        }
    }

    /**
     * Has those fetched no more that are not among the next ones.
     *
     * @param next null for none, at the end
     */
    public void stop(@Nullable Credentials next) {
        Collection<Credential> kept = next == null ? List.of() : next.all();
        all().stream().filter(credential -> !kept.contains(credential)).forEach(Credential::stop);
        ExecutorService beside = files.get();
        if (next == null && beside != null) {
            beside.shutdownNow();
        }
    }

    private @Nullable SslContext trusted(Token config) throws SSLException {
        if (config instanceof Entra entra) {
            return trust.of(entra.ca());
        }
        return config instanceof ManagedIdentity managed
                        && !"http".equalsIgnoreCase(managed.endpoint().getScheme())
                ? trust.of(null)
                : null;
    }

    private static Starter starter(Token config, @Nullable SslContext context) {
        if (config instanceof Entra entra && context != null) {
            TokenEndpoint.Question question = new EntraQuestion(entra, context);
            return (loop, fetcher) -> new TokenEndpoint(question, fetcher, loop);
        }
        if (config instanceof ManagedIdentity managed) {
            TokenEndpoint.Question question = new ManagedIdentityQuestion(managed, context);
            return (loop, fetcher) -> new TokenEndpoint(question, fetcher, loop);
        }
        return (loop, fetcher) -> new TokenFile((BearerFile) config);
    }
}
