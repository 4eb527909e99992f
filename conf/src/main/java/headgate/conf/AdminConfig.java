package headgate.conf;

import org.jspecify.annotations.Nullable;

/**
 * Where operators look in and give orders.
 *
 * @param host name or literal address to bind; default 127.0.0.1
 * @param port 0 to 65535; 0 lets the system choose; default 9090
 * @param token what they must show; null where everybody who reaches the address may ask
 * @param tls how it speaks TLS; null means plain HTTP
 * @param connections open connections; above: closed at once; default 64
 * @param bodyBytes largest body of a request, in bytes; above: 413; default 1 MiB
 */
public record AdminConfig(
        String host,
        int port,
        @Nullable Secret token,
        @Nullable TlsConfig tls,
        int connections,
        int bodyBytes) {}
