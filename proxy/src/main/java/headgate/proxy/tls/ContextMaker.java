package headgate.proxy.tls;

import headgate.conf.TlsConfig;
import headgate.conf.TlsConfig.ClientCertificates;
import headgate.conf.TlsConfig.Mode;
import headgate.conf.TlsConfig.Version;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProtocols;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSessionContext;

/** Turns a listener's files into what handshakes need. */
final class ContextMaker {
    /** Of the JDK's, which always resumes: the shortest that it takes. */
    private static final int NO_TIME_SECONDS = 1;

    private final TlsConfig config;
    private final List<String> protocols;
    private final TicketKeys tickets;
    private final SslProvider provider;

    /**
     * Prepares.
     *
     * @param protocols what may be spoken inside, by their ALPN names, the preferred one first
     * @throws IOException if BoringSSL is asked for by name and not to be had
     */
    ContextMaker(TlsConfig config, List<String> protocols, TicketKeys tickets) throws IOException {
        this.config = config;
        this.protocols = protocols;
        this.tickets = tickets;
        this.provider = switch (config.provider()) {
            case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
            case JDK -> SslProvider.JDK;
            case BORINGSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new IOException("tls.provider is boringssl, which is not available here");
                }
                yield SslProvider.OPENSSL_REFCNT;
            }
        };
    }

    /**
     * Reads all files; either all of them can be used, or nothing is kept.
     *
     * @throws GeneralSecurityException if one cannot be used
     */
    CertificateChoice read() throws IOException, GeneralSecurityException {
        CertificateChoice choice = new CertificateChoice(config.refusesUnknownNames());
        try {
            for (TlsConfig.Certificate files : config.certificates()) {
                CertifiedKey certificate = CertifiedKey.read(files);
                choice.add(contextOf(certificate), certificate.names());
            }
            return choice;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            choice.release();
            throw e;
        }
    }

    private SslContext contextOf(CertifiedKey certificate) throws IOException, GeneralSecurityException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        certificate.key(), certificate.chain().toArray(X509Certificate[]::new))
                .sslProvider(provider)
                .protocols(
                        config.minVersion() == Version.TLS_1_3
                                ? List.of(SslProtocols.TLS_v1_3)
                                : List.of(SslProtocols.TLS_v1_3, SslProtocols.TLS_v1_2))
                .sessionTimeout(2 * TicketKeys.TURN.toSeconds())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
        ClientCertificates callers = config.clientCertificates();
        if (callers != null) {
            builder.trustManager(CallerTrust.of(callers))
                    .clientAuth(callers.mode() == Mode.REQUIRE ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        SslContext context = builder.build();
        resume(context);
        return context;
    }

    /** Who resumes is not asked for a certificate again: one that was taken back would go on being good. */
    boolean resumes() {
        return config.sessionTickets() && config.clientCertificates() == null;
    }

    /** TLS for one connection under one of these certificates. */
    SslHandler newHandler(SslContext certificate, ByteBufAllocator alloc) {
        SslHandler handler = certificate.newHandler(alloc);
        if (!resumes() && handler.engine() instanceof ReferenceCountedOpenSslEngine boringSsl) {
            // Netty has no name for this option, which only a connection that has not begun can be given.
            SSL.setOptions(boringSsl.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        return handler;
    }

    private void resume(SslContext context) {
        SSLSessionContext sessions = context.sessionContext();
        if (resumes()) {
            tickets.giveTo(context);
        } else if (sessions instanceof OpenSslSessionContext boringSsl) {
            boringSsl.setSessionCacheEnabled(false);
        } else {
            sessions.setSessionCacheSize(1);
            sessions.setSessionTimeout(NO_TIME_SECONDS);
        }
    }
}
