package headgate.proxy.routing;

import headgate.conf.CredentialConfig.Token;
import headgate.conf.GatewayConfig;
import headgate.conf.PrincipalLimitsConfig;
import headgate.conf.UpstreamConfig;
import headgate.conf.UpstreamConfig.Http;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.content.prompt.FilterPolicies;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.identity.KeyIdentifier;
import headgate.filters.identity.Permissions;
import headgate.filters.redis.RedisLink;
import headgate.filters.token.TokenIdentifier;
import headgate.proxy.credential.Credential;
import headgate.proxy.credential.Credentials;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
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
 * One configuration, ready to be used: who may call, deployments and their routes.
 *
 * <p>An immutable snapshot, shared by all event loops.
 */
public record Gateway(
        TokenIdentifier identifier,
        KeyIdentifier keys,
        Permissions permissions,
        Deployments deployments,
        PrincipalLimitsConfig principalLimits,
        Routes routes,
        Credentials credentials,
        FilterPolicies filters,
        List<SslContext> tls) {
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
        Credentials credentials = new Credentials(tls::trusting);
        IdentityHashMap<Deployment, Route> routes = new IdentityHashMap<>();
        for (Deployment deployment : deployments.all()) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (UpstreamConfig upstream : deployment.config().upstreams()) {
                Credential token = upstream.credential() instanceof Token written ? credentials.of(written) : null;
                endpoints.add(new Endpoint(deployment, upstream, tls.of(upstream), token));
            }
            routes.put(deployment, new Route(deployment, endpoints));
        }
        KeyIdentifier keys = new KeyIdentifier(config, failures, redis);
        TokenIdentifier identifier = new TokenIdentifier(config.identity(), tls::trusting, keys);
        Permissions permissions = new Permissions(config.permissions(), deployments);
        return new Gateway(
                identifier,
                keys,
                permissions,
                deployments,
                config.principalLimits(),
                new Routes(routes),
                credentials,
                new FilterPolicies(config, Map.of()),
                tls.all());
    }

    /** Lets go of what is not on the heap, when no exchange uses this configuration any more. */
    public void release() {
        identifier.stop();
        keys.close();
        credentials.stop();
        for (SslContext context : tls) {
            // A smaller cache drops the sessions that are kept to be resumed.
            context.sessionContext().setSessionCacheSize(1);
            ReferenceCountUtil.release(context);
        }
    }

    /** One TLS context for each set of authorities and versions of HTTP, however many endpoints use it. */
    private static final class TlsContexts {
        private record Key(@Nullable Path authorities, Http http) {}

        private final Map<Key, SslContext> contexts = new HashMap<>();

        List<SslContext> all() {
            return List.copyOf(contexts.values());
        }

        @Nullable
        SslContext of(UpstreamConfig upstream) throws SSLException {
            return "https".equalsIgnoreCase(upstream.url().getScheme()) ? of(upstream.ca(), upstream.http()) : null;
        }

        /** For the gateway's own small requests, which speak HTTP/1.1. */
        SslContext trusting(@Nullable Path authorities) throws SSLException {
            return of(authorities, Http.HTTP_1);
        }

        private SslContext of(@Nullable Path authorities, Http http) throws SSLException {
            Key key = new Key(authorities, http);
            SslContext context = contexts.get(key);
            if (context == null) {
                SslContextBuilder builder = SslContextBuilder.forClient();
                if (authorities != null) {
                    builder.trustManager(authorities.toFile());
                }
                if (http != Http.HTTP_1) {
                    builder.applicationProtocolConfig(offered(http));
                }
                context = builder.build();
                contexts.put(key, context);
            }
            return context;
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
}
