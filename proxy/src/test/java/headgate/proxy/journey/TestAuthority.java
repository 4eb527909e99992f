package headgate.proxy.journey;

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

    /** Starts an upstream that speaks TLS. */
    ScriptedUpstream start(ScriptedUpstream.Script script) throws IOException {
        return ScriptedUpstream.start(script, InetAddress.getLoopbackAddress(), this::tls);
    }

    private Socket tls(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
        socket.setUseClientMode(false);
        socket.startHandshake();
        for (SNIServerName name : ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
            names.add(new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII));
        }
        return socket;
    }

    private SSLContext contextOf(String host) throws Exception {
        CertificateBuilder builder = new CertificateBuilder().ecp256().subject("CN=upstream");
        boolean address = Character.isDigit(host.charAt(host.length() - 1));
        X509Bundle issued = (address ? builder.addSanIpAddress(host) : builder.addSanDnsName(host)).buildIssuedBy(root);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(issued.toKeyManagerFactory().getKeyManagers(), null, null);
        return made;
    }
}
