package headgate.proxy.routing;

import headgate.conf.UpstreamConfig;
import headgate.conf.UpstreamConfig.Http;
import headgate.proxy.reload.FileStamp;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How one configuration speaks TLS with upstreams: one context for each set of authorities and versions of HTTP, however many
 * endpoints use it.
 *
 * <p>The next configuration takes over what is the same; the last one that has a context lets go of it. Filled by one thread.
 */
final class UpstreamTls {
    /** What makes two contexts the same; a file of authorities that has changed makes another. */
    private record Key(@Nullable Path authorities, FileStamp stamp, Http http) {}

    private record Shared(SslContext context, AtomicInteger configurations) {}

    private final Map<Key, Shared> contexts = new HashMap<>();
    private final Map<Key, Shared> before;

    /** None as yet; what is the same as before is taken from there. */
    UpstreamTls(@Nullable UpstreamTls before) {
        this.before = before == null ? Map.of() : before.contexts;
    }

    /** Null for plain HTTP. */
    @Nullable
    SslContext of(UpstreamConfig upstream) throws SSLException {
        return "https".equalsIgnoreCase(upstream.url().getScheme()) ? of(upstream.ca(), upstream.http()) : null;
    }

    /** For the gateway's own small requests, which speak HTTP/1.1. */
    SslContext trusting(@Nullable Path authorities) throws SSLException {
        return of(authorities, Http.HTTP_1);
    }

    /** Lets go of what no other configuration has taken over; connections that are open go on. */
    void release() {
        for (Shared shared : contexts.values()) {
            if (shared.configurations.decrementAndGet() == 0) {
                // A smaller cache drops the sessions that are kept to be resumed.
                shared.context.sessionContext().setSessionCacheSize(1);
                ReferenceCountUtil.release(shared.context);
            }
        }
    }

    private SslContext of(@Nullable Path authorities, Http http) throws SSLException {
        FileStamp stamp = FileStamp.of(authorities == null ? List.of() : List.of(authorities));
        Key key = new Key(authorities, stamp, http);
        Shared shared = contexts.get(key);
        if (shared == null) {
            shared = before.get(key);
            if (shared == null) {
                shared = new Shared(made(authorities, http), new AtomicInteger());
            }
            shared.configurations.incrementAndGet();
            contexts.put(key, shared);
        }
        return shared.context;
    }

    private static SslContext made(@Nullable Path authorities, Http http) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (authorities != null) {
            try {
                builder.trustManager(authorities.toFile());
            } catch (IllegalArgumentException e) {
                throw new SSLException(authorities + ": " + e.getMessage(), e);
            }
        }
        if (http != Http.HTTP_1) {
            builder.applicationProtocolConfig(offered(http));
        }
        return builder.build();
    }

    private static ApplicationProtocolConfig offered(Http http) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                http == Http.HTTP_2
                        ? List.of(ApplicationProtocolNames.HTTP_2)
                        : List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1));
    }
}
