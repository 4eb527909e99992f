package headgate.filters;

import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the connection that an exchange came on: where from, and by which certificate.
 *
 * <p>Each field has one writer, named at its setter. Belongs to the connection's event loop.
 */
public final class Downstream {
    private final ReadControl reads;
    private SocketAddress source;
    private @Nullable X509Certificate certificate;
    private boolean secure;

    /**
     * A connection that is being read.
     *
     * @param source the address at the other end of the connection
     */
    public Downstream(ReadControl reads, SocketAddress source) {
        this.reads = reads;
        this.source = source;
    }

    /** Who may pause reading the caller. */
    public ReadControl reads() {
        return reads;
    }

    /** The event loop that everything about this connection happens on. */
    public EventExecutor loop() {
        return reads.loop();
    }

    /** Where the caller connected from. */
    public SocketAddress source() {
        return source;
    }

    /** Written where a trusted balancer in front says whom it speaks for. */
    public void source(SocketAddress source) {
        this.source = source;
    }

    /** The certificate the caller showed, verified; null when it showed none. */
    public @Nullable X509Certificate certificate() {
        return certificate;
    }

    /** Written when the TLS handshake is done. */
    public void certificate(@Nullable X509Certificate certificate) {
        this.certificate = certificate;
    }

    /** Whether TLS is spoken on it. */
    public boolean secure() {
        return secure;
    }

    /** Written as the connection opens. */
    public void secure(boolean secure) {
        this.secure = secure;
    }
}
