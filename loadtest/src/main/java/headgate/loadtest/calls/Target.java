package headgate.loadtest.calls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
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
 * @param secure whether TLS is spoken
 * @param insecure whether any certificate is trusted
 */
public record Target(String url, String host, int port, String path, String key, boolean secure, boolean insecure) {
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
        return new Target(url, host.replaceAll("[\\[\\]]", ""), port, path, key, secure, insecure);
    }

    /** As the Host header says it. */
    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * What makes TLS for it; null for plain HTTP.
     *
     * @param http2 whether HTTP/2 is to be agreed on, and nothing else; without TLS it is taken for granted
     */
    @Nullable
    SslContext tls(boolean http2) {
        if (!secure) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (insecure) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        if (http2) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("no TLS here: " + e.getMessage(), e);
        }
    }
}
