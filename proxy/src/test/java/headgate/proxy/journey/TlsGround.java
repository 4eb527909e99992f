package headgate.proxy.journey;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority of the tests' own, the PEM files of a listener under it, and callers that trust it. */
final class TlsGround {
    static final String BODY = "{\"model\":\"gpt\"}";

    private static final String ALTERNATIVE_NAMES = "2.5.29.17";

    private final Path directory;
    private final X509Bundle authority;

    TlsGround(Path directory) throws Exception {
        this.directory = directory;
        this.authority = authority("Test Authority");
        Files.writeString(directory.resolve("ca.pem"), authority.getCertificatePEM());
    }

    static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    X509Bundle authority() {
        return authority;
    }

    /** Issues a certificate and writes {@code NAME.crt} and {@code NAME.key}, each by a rename. */
    void write(String file, String commonName, String... names) throws Exception {
        CertificateBuilder builder = new CertificateBuilder().ecp256().subject("CN=" + commonName);
        if (names.length > 0) {
            builder.addExtensionOctetString(ALTERNATIVE_NAMES, false, dnsNames(names));
        }
        X509Bundle issued = builder.buildIssuedBy(authority);
        replace(file + ".crt", issued.getCertificatePathPEM());
        replace(file + ".key", issued.getPrivateKeyPEM());
    }

    /** A certificate that nobody asks for by name. */
    X509Bundle issue(String subject) throws Exception {
        return new CertificateBuilder().ecp256().subject(subject).buildIssuedBy(authority);
    }

    /** As DER, since the builder takes no wildcards (RFC 5280, section 4.2.1.6). */
    private static byte[] dnsNames(String... names) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            all.write(0x82);
            all.write(name.length());
            all.write(name.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream sequence = new ByteArrayOutputStream();
        sequence.write(0x30);
        sequence.write(all.size());
        all.writeTo(sequence);
        return sequence.toByteArray();
    }

    void replace(String file, String text) throws IOException {
        Path fresh = Files.writeString(directory.resolve(file + ".new"), text);
        Files.move(fresh, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Path directory() {
        return directory;
    }

    /** A gateway with one listener; {@code %s} in what follows is the directory of the files. */
    TestGateway gateway(ScriptedUpstream upstream, String tls, String... more) throws IOException {
        return TestGateway.start(
                """
                listeners: [{ address: "127.0.0.1:0", tls: { %s } }]
                keys: { caller: %s }
                deployments: { gpt: { upstreams: [{ url: "%s/v1", model: m }] } }
                """.formatted(tls.replace("DIR", directory.toString()), TestGateway.KEY, upstream.url())
                        + (String.join("\n", more).contains("accessLog") ? "" : "accessLog: off\n")
                        + String.join("\n", List.of(more)));
    }

    /** The ways to be known to a gateway: this authority is trusted, and perhaps a certificate shown. */
    SSLContext callers(@Nullable X509Bundle certificate) throws Exception {
        KeyManager @Nullable [] keys =
                certificate == null ? null : certificate.toKeyManagerFactory().getKeyManagers();
        return context(authority.getCertificate(), keys);
    }

    /** The way to be a caller that trusts the certificate in this PEM file, and nobody else. */
    static SSLContext trusting(Path certificate) throws Exception {
        try (InputStream in = Files.newInputStream(certificate)) {
            return context(CertificateFactory.getInstance("X.509").generateCertificate(in), null);
        }
    }

    private static SSLContext context(Certificate authority, KeyManager @Nullable [] keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    SSLSocket connect(int port, @Nullable String name) throws Exception {
        return connect(callers(null), port, name);
    }

    /** Connects and shakes hands; without a name, none is asked for. */
    static SSLSocket connect(SSLContext callers, int port, @Nullable String name, String... versions) throws Exception {
        return shake(callers, new Socket(InetAddress.getLoopbackAddress(), port), name, versions);
    }

    /** Shakes hands on a connection that stands. */
    static SSLSocket shake(SSLContext callers, Socket plain, @Nullable String name, String... versions)
            throws Exception {
        plain.setSoTimeout(10_000);
        SSLSocket socket =
                (SSLSocket) callers.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** The common name of the certificate that the gateway shows for a name. */
    String shown(int port, @Nullable String name) throws Exception {
        try (SSLSocket socket = connect(port, name)) {
            return shown(socket);
        }
    }

    static String shown(SSLSocket socket) throws Exception {
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName().substring("CN=".length());
    }
}
