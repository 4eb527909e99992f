package headgate.proxy.routing;

import headgate.conf.CredentialConfig.Token;
import headgate.conf.GatewayConfig;
import headgate.conf.LimitsConfig;
import headgate.conf.PrincipalLimitsConfig;
import headgate.conf.TracingConfig;
import headgate.conf.UpstreamConfig;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.content.judge.Judges;
import headgate.filters.content.prompt.FilterPolicies;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.identity.KeyIdentifier;
import headgate.filters.identity.Permissions;
import headgate.filters.redis.RedisLink;
import headgate.filters.token.TokenIdentifier;
import headgate.proxy.credential.Credential;
import headgate.proxy.credential.Credentials;
import headgate.proxy.tracing.Tracer;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
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
        LimitsConfig limits,
        Routes routes,
        Credentials credentials,
        Judges judges,
        FilterPolicies filters,
        Tracer tracer,
        UpstreamTls tls) {
    /**
     * Makes the first configuration ready.
     *
     * @param redis where keys and items of blocklists are beside those of the configuration; null without
     * @throws SSLException if a file of certificate authorities cannot be used
     */
    public static Gateway of(GatewayConfig config, FailedAttempts failures, @Nullable RedisLink redis)
            throws SSLException {
        return of(config, failures, redis, null);
    }

    /**
     * Makes a configuration ready that takes another one's place: what is known of endpoints, issuers, keys and tokens that are
     * the same in both goes on.
     *
     * @param before the one in force, which is not changed; null for none
     * @throws SSLException if a file of certificate authorities cannot be used; nothing is left behind then
     */
    public static Gateway of(
            GatewayConfig config, FailedAttempts failures, @Nullable RedisLink redis, @Nullable Gateway before)
            throws SSLException {
        UpstreamTls tls = new UpstreamTls(before == null ? null : before.tls);
        try {
            Deployments deployments = new Deployments(config);
            Credentials credentials = new Credentials(tls::trusting, before == null ? null : before.credentials);
            Routes routes = routes(deployments, credentials, tls, before);
            KeyIdentifier keys = new KeyIdentifier(config, failures, redis, before == null ? null : before.keys);
            Judges judges = new Judges(config.judges(), tls::trusting, before == null ? null : before.judges);
            return new Gateway(
                    new TokenIdentifier(
                            config.identity(), tls::trusting, keys, before == null ? null : before.identifier),
                    keys,
                    new Permissions(config.permissions(), deployments),
                    deployments,
                    config.principalLimits(),
                    config.limits(),
                    routes,
                    credentials,
                    judges,
                    new FilterPolicies(config, judges.all(), redis, before == null ? null : before.filters),
                    tracer(config.tracing(), tls, before == null ? Tracer.OFF : before.tracer),
                    tls);
        } catch (SSLException e) {
            tls.release();
            throw new SSLException("ca: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            tls.release();
            throw e;
        }
    }

    /**
     * Lets go of what is not on the heap, when no exchange uses this configuration any more.
     *
     * @param next what has taken its place; null for nothing
     */
    public void release(@Nullable Gateway next) {
        identifier.stop(next == null ? null : next.identifier);
        keys.close(next == null ? null : next.keys);
        filters.close();
        credentials.stop(next == null ? null : next.credentials);
        if (next == null || next.tracer != tracer) {
            tracer.stop();
        }
        tls.release();
    }

    private static Tracer tracer(@Nullable TracingConfig config, UpstreamTls tls, Tracer before) throws SSLException {
        if (config == null) {
            return Tracer.OFF;
        }
        SslContext context = "https".equalsIgnoreCase(config.url().getScheme()) ? tls.trusting(config.ca()) : null;
        return before.is(config, context) ? before : new Tracer(config, context, before);
    }

    private static Routes routes(
            Deployments deployments, Credentials credentials, UpstreamTls tls, @Nullable Gateway before)
            throws SSLException {
        KnownHealth known = new KnownHealth(before == null ? null : before.routes);
        IdentityHashMap<Deployment, Route> routes = new IdentityHashMap<>();
        for (Deployment deployment : deployments.all()) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (UpstreamConfig upstream : deployment.config().upstreams()) {
                Credential token = upstream.credential() instanceof Token written ? credentials.of(written) : null;
                SslContext context = tls.of(upstream);
                Endpoint.Sameness sameness = Endpoint.Sameness.of(deployment, upstream, context, token);
                endpoints.add(new Endpoint(deployment, upstream, context, token, sameness, known.of(sameness)));
            }
            routes.put(deployment, new Route(deployment, endpoints, same(deployment, before)));
        }
        return new Routes(routes);
    }

    /** The route that a deployment of this name has had. */
    private static @Nullable Route same(Deployment deployment, @Nullable Gateway before) {
        if (before == null) {
            return null;
        }
        Deployment known = before.deployments.find(deployment.name());
        return known == null ? null : before.routes.of(known);
    }
}
