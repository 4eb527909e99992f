package headgate.proxy.journey;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A certificate authority of the tests' own, with upstreams that speak TLS under it. */
final class TestAuthority {
    static {
        // What a ticket leaves in the caller's session cache goes with a finalizer, too late for the leak check.
        System.setProperty("jdk.tls.server.newSessionTicketCount", "0");
    }

    private final X509Bundle root;
    private final List<String> names = new CopyOnWriteArrayList<>();
    private volatile SSLContext context;

    /** Makes an authority whose upstreams say that they are this host, a name or an address. */
    TestAuthority(String host) throws Exception {
        root = new CertificateBuilder()
                .ecp256()
                .subject("CN=tests")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        context = contextOf(host);
    }

    /** A PEM file with the authority's certificate. */
    Path file() throws IOException {
        return root.toTempRootCertPem().toPath();
    }

    /** From now on, connections are of this host. */
    void useHost(String host) throws Exception {
        context = contextOf(host);
    }

    /** The server names that were asked for, by SNI. */
    List<String> namesAsked() {
        return names;
    }

    /** Starts an upstream that speaks TLS, and chooses one of these by ALPN, if there are any. */
    ScriptedUpstream start(ScriptedUpstream.Script script, String... protocols) throws IOException {
        return ScriptedUpstream.start(script, InetAddress.getLoopbackAddress(), plain -> tls(plain, protocols));
    }

    /** Speaks TLS on a connection that was accepted. */
    Socket tls(Socket plain, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        for (SNIServerName name : ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
            names.add(new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII));
        }
        return socket;
    }

    /** TLS for an upstream on Netty that is this host and chooses one of these by ALPN. */
    SslContext choosing(String host, String... protocols) throws Exception {
        return SslContextBuilder.forServer(issue(host).toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .build();
    }

    private SSLContext contextOf(String host) throws Exception {
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(issue(host).toKeyManagerFactory().getKeyManagers(), null, null);
        return made;
    }

    private X509Bundle issue(String host) throws Exception {
        CertificateBuilder builder = new CertificateBuilder().ecp256().subject("CN=upstream");
        boolean address = Character.isDigit(host.charAt(host.length() - 1));
        return (address ? builder.addSanIpAddress(host) : builder.addSanDnsName(host)).buildIssuedBy(root);
    }
}
