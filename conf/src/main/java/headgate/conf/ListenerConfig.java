package headgate.conf;

import org.jspecify.annotations.Nullable;

/**
 * One address that callers connect to.
 *
 * @param host name or literal address to bind
 * @param port 0 to 65535; 0 lets the system choose
 * @param tls how it speaks TLS; null means plain HTTP
 * @param source who is believed when it says for whom it speaks
 */
public record ListenerConfig(
        String host, int port, @Nullable TlsConfig tls, SourceConfig source) {}
