package headgate.conf;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One address that callers connect to.
 *
 * @param host name or literal address to bind
 * @param port 0 to 65535; 0 lets the system choose
 * @param tls the certificate to show; null means plain HTTP
 */
public record ListenerConfig(
        String host, int port, @Nullable Tls tls) {
    /**
     * The certificate of a listener.
     *
     * @param certificate PEM file with the certificate and its chain
     * @param key PEM file with the unencrypted PKCS#8 private key
     */
    public record Tls(Path certificate, Path key) {}
}
