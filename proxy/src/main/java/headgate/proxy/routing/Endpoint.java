package headgate.proxy.routing;

import headgate.conf.CredentialConfig;
import headgate.conf.TimeoutsConfig;
import headgate.conf.UpstreamConfig;
import headgate.conf.UpstreamConfig.Api;
import headgate.conf.UpstreamConfig.Http;
import headgate.filters.Deployment;
import headgate.filters.api.Operation;
import headgate.proxy.credential.Credential;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One upstream address of one deployment, with all that can be worked out before a request comes.
 *
 * <p>Immutable but for its health.
 */
public final class Endpoint {
    /**
     * What must be the same in two configurations for an endpoint to be the same: where it is, how it is spoken to, and what it
     * is shown. Whether it comes first, and how long its calls may take, makes no difference.
     */
    record Sameness(
            String deployment,
            String modelName,
            URI url,
            Api api,
            List<@Nullable String> names,
            @Nullable CredentialConfig credential,
            @Nullable Credential token,
            @Nullable SslContext tls,
            Http http) {
        static Sameness of(
                Deployment deployment, UpstreamConfig upstream, @Nullable SslContext tls, @Nullable Credential token) {
            return new Sameness(
                    deployment.name(),
                    deployment.modelName(),
                    upstream.url(),
                    upstream.api(),
                    Arrays.asList(upstream.model(), upstream.deployment(), upstream.apiVersion()),
                    upstream.credential(),
                    token,
                    tls,
                    upstream.http());
        }
    }

    private static final String AZURE_VERSION = "2024-10-21";
    private static final String INFERENCE_VERSION = "2024-05-01-preview";

    private final String name;
    private final String host;
    private final int port;
    private final @Nullable SslContext tls;
    private final @Nullable Credential credential;
    private final Http http;
    private final int priority;
    private final int weight;
    private final TimeoutsConfig timeouts;
    private final Sameness sameness;
    private final EndpointHealth health;
    private final Map<Operation, byte[]> openings = new EnumMap<>(Operation.class);
    private final @Nullable String modelInBody;
    private final @Nullable String modelOfResponses;

    /**
     * Works out an endpoint.
     *
     * @param tls how to speak TLS with it; null for plain HTTP
     * @param credential the token it is shown; null for a key, which never changes, or for nothing
     * @param health how it has been doing
     */
    Endpoint(
            Deployment deployment,
            UpstreamConfig upstream,
            @Nullable SslContext tls,
            @Nullable Credential credential,
            Sameness sameness,
            EndpointHealth health) {
        URI url = upstream.url();
        this.host = url.getHost().startsWith("[")
                ? url.getHost().substring(1, url.getHost().length() - 1)
                : url.getHost();
        this.port = url.getPort() >= 0 ? url.getPort() : tls == null ? 80 : 443;
        this.tls = tls;
        this.credential = credential;
        this.sameness = sameness;
        this.health = health;
        this.http = upstream.http();
        this.priority = upstream.priority();
        this.weight = upstream.weight();
        this.timeouts = deployment.config().timeouts();
        this.name = url.toString();
        String model = upstream.model() != null ? upstream.model() : deployment.modelName();
        String named = upstream.deployment() != null ? upstream.deployment() : model;
        this.modelInBody = upstream.api() == Api.AZURE ? null : model;
        this.modelOfResponses = upstream.api() == Api.AZURE ? named : model;
        for (Operation operation : Operation.values()) {
            if (operation.asked() != null) {
                openings.put(operation, opening(upstream, operation, named));
            }
        }
    }

    /** The base URL; goes to the access log. */
    public String name() {
        return name;
    }

    /** Host name or literal address to connect to, and to verify the certificate against. */
    public String host() {
        return host;
    }

    /** The port to connect to. */
    public int port() {
        return port;
    }

    /** How to speak TLS with it; null for plain HTTP. */
    public @Nullable SslContext tls() {
        return tls;
    }

    /** The token it is shown; null for a key, which stands in the opening, or for nothing. */
    public @Nullable Credential credential() {
        return credential;
    }

    /** Which version of HTTP it is spoken to. */
    public Http http() {
        return http;
    }

    /** Whether it comes first: the lowest number does. */
    public int priority() {
        return priority;
    }

    /** Its share among those of the same priority. */
    public int weight() {
        return weight;
    }

    /** How long each phase of a call may take. */
    public TimeoutsConfig timeouts() {
        return timeouts;
    }

    Sameness sameness() {
        return sameness;
    }

    /** How it has been doing; shared by all event loops, and by the same endpoint of the next configuration. */
    public EndpointHealth health() {
        return health;
    }

    /** The first lines of a request's head, up to and with a key; a token is not among them. */
    public byte[] opening(Operation operation) {
        byte[] opening = openings.get(operation);
        if (opening == null) {
            throw new IllegalArgumentException(operation.word());
        }
        return opening;
    }

    /** What the body's {@code model} must be there; null where the path says it and the body stays as it came. */
    public @Nullable String modelInBody(Operation operation) {
        return operation == Operation.RESPONSES ? modelOfResponses : modelInBody;
    }

    private static byte[] opening(UpstreamConfig upstream, Operation operation, String named) {
        StringBuilder head = new StringBuilder(256).append("POST ").append(base(upstream.url()));
        switch (upstream.api()) {
            case OPENAI -> head.append('/').append(operation.word());
            case AZURE -> {
                if (operation != Operation.RESPONSES) {
                    head.append("/deployments/").append(URLEncoder.encode(named, StandardCharsets.UTF_8));
                }
                head.append('/').append(operation.word()).append("?api-version=");
                head.append(upstream.apiVersion() == null ? AZURE_VERSION : upstream.apiVersion());
            }
            case AZURE_INFERENCE -> {
                head.append('/').append(operation.word()).append("?api-version=");
                head.append(upstream.apiVersion() == null ? INFERENCE_VERSION : upstream.apiVersion());
            }
        }
        head.append(" HTTP/1.1\r\nhost: ")
                .append(upstream.url().getRawAuthority())
                .append("\r\n");
        if (upstream.credential() instanceof CredentialConfig.Key key) {
            head.append(upstream.api() == Api.OPENAI ? "authorization: Bearer " : "api-key: ");
            head.append(key.secret().value()).append("\r\n");
        }
        if (upstream.api() == Api.AZURE_INFERENCE) {
            // The gateway has judged extra parameters already.
            head.append("extra-parameters: pass-through\r\n");
        }
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String base(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
