package headgate.loadtest.calls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What is called.
 *
 * @param url as it was given
 * @param host name or address, without brackets
 * @param path in front of the scenario's path, without a slash at its end
 * @param key sent as {@code api-key}, unless it is empty
 * @param tls null for plain HTTP
 */
public record Target(
        String url,
        String host,
        int port,
        String path,
        String key,
        @Nullable SslContext tls) {
    /**
     * Reads an address such as {@code https://127.0.0.1:8443}.
     *
     * @param insecure true to trust any certificate
     * @throws IllegalArgumentException if it is none, with a message for the reader
     */
    public static Target of(String url, String key, boolean insecure) {
        URI uri = URI.create(url);
        String scheme = String.valueOf(uri.getScheme());
        String host = uri.getHost();
        if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("'" + url + "' is not a URL like http://127.0.0.1:8080");
        }
        boolean secure = scheme.equals("https");
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
        return new Target(url, host.replaceAll("[\\[\\]]", ""), port, path, key, secure ? tls(insecure) : null);
    }

    /** As the Host header says it. */
    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static SslContext tls(boolean insecure) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            return insecure
                    ? builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .endpointIdentificationAlgorithm(null)
                            .build()
                    : builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("no TLS here: " + e.getMessage(), e);
        }
    }
}
