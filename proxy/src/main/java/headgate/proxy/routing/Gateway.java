package headgate.proxy.routing;

import headgate.conf.GatewayConfig;
import headgate.conf.UpstreamConfig;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.identity.KeyIdentifier;
import headgate.filters.redis.RedisLink;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One configuration, ready to be used: keys, deployments and their routes.
 *
 * <p>An immutable snapshot, shared by all event loops.
 */
public record Gateway(KeyIdentifier keys, Deployments deployments, Routes routes, List<SslContext> tls) {
    /**
     * Makes a configuration ready.
     *
     * @param redis where keys are beside those of the configuration; null without
     * @throws SSLException if a file of certificate authorities cannot be used
     */
    public static Gateway of(GatewayConfig config, FailedAttempts failures, @Nullable RedisLink redis)
            throws SSLException {
        Deployments deployments = new Deployments(config);
        TlsContexts tls = new TlsContexts();
        IdentityHashMap<Deployment, Route> routes = new IdentityHashMap<>();
        for (Deployment deployment : deployments.all()) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (UpstreamConfig upstream : deployment.config().upstreams()) {
                endpoints.add(new Endpoint(deployment, upstream, tls.of(upstream)));
            }
            routes.put(deployment, new Route(deployment, endpoints));
        }
        return new Gateway(new KeyIdentifier(config, failures, redis), deployments, new Routes(routes), tls.all());
    }

    /** Lets go of what is not on the heap, when no exchange uses this configuration any more. */
    public void release() {
        keys.close();
        for (SslContext context : tls) {
            // A smaller cache drops the sessions that are kept to be resumed.
            context.sessionContext().setSessionCacheSize(1);
            ReferenceCountUtil.release(context);
        }
    }

    /** One TLS context for each set of authorities, however many endpoints use it. */
    private static final class TlsContexts {
        private final Map<String, SslContext> byAuthorities = new HashMap<>();

        List<SslContext> all() {
            return List.copyOf(byAuthorities.values());
        }

        @Nullable
        SslContext of(UpstreamConfig upstream) throws SSLException {
            if (!"https".equalsIgnoreCase(upstream.url().getScheme())) {
                return null;
            }
            Path authorities = upstream.ca();
            String name = String.valueOf(authorities);
            SslContext context = byAuthorities.get(name);
            if (context == null) {
                SslContextBuilder builder = SslContextBuilder.forClient();
                if (authorities != null) {
                    builder.trustManager(authorities.toFile());
                }
                context = builder.build();
                byAuthorities.put(name, context);
            }
            return context;
        }
    }
}
