package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener with a certificate speaks HTTP over TLS, and all that holds without TLS holds there. */
class TlsListenerJourneyTest {
    private static final String HOST = "gateway.example";
    private static final String BODY = "{\"model\":\"gpt\"}";

    private static X509Bundle authority;
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start(@TempDir Path files) throws Exception {
        authority = new CertificateBuilder()
                .ecp256()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle certificate = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + HOST)
                .addSanDnsName(HOST)
                .buildIssuedBy(authority);
        Files.writeString(files.resolve("chain.pem"), certificate.getCertificatePathPEM());
        Files.writeString(files.resolve("key.pem"), certificate.getPrivateKeyPEM());
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
        gateway = TestGateway.start("""
                listeners: [{ address: "127.0.0.1:0", tls: { certificate: %2$s/chain.pem, key: %2$s/key.pem } }]
                accessLog: off
                keys: { caller: %1$s }
                limits: { bodyBytes: 8MiB, lingerTime: 10s, headerTime: 1s }
                deployments:
                  gpt: { upstreams: [{ url: "%3$s/v1", model: upstream-model }] }
                """.formatted(TestGateway.KEY, files, upstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void aCallerThatTrustsTheAuthorityIsAnsweredInHttp11() throws Exception {
        SSLSocket socket = connect("http/1.1");
        try (RawCaller caller = new RawCaller(socket)) {
            assertThat(caller.chat(BODY).read().body()).isEqualTo("{\"model\":\"upstream-model\"}");
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void aCallerThatOffersHttp2IsAnsweredInIt() throws Exception {
        SSLSocket socket = connect("h2", "http/1.1");
        try (H2Caller caller = new H2Caller(socket)) {
            assertThat(caller.chat(1, BODY).answer(1).text()).isEqualTo("{\"model\":\"upstream-model\"}");
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @Test
    void aCallerThatNegotiatesNothingIsAnsweredToo() throws Exception {
        SSLSocket socket = connect();
        try (RawCaller caller = new RawCaller(socket)) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawCaller caller = new RawCaller(connect("http/1.1"))) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append(RawCaller.chatRequest("{\"model\":\"gpt\",\"id\":" + i + "}"));
            }
            caller.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(caller.read().body()).isEqualTo("{\"model\":\"upstream-model\",\"id\":" + i + "}");
            }
        }
    }

    @Test
    void largeBodiesPassBothWays() throws Exception {
        String large = "{\"model\":\"gpt\",\"prompt\":\"" + "x".repeat(6 << 20) + "\"}";
        try (RawCaller caller = new RawCaller(connect("http/1.1"))) {
            assertThat(caller.chat(large).read().body()).isEqualTo(large.replace("gpt", "upstream-model"));
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerWhoseLargeUploadIsRefusedStillReadsTheAnswer() throws Exception {
        int bytes = 16 << 20;
        try (RawCaller caller = new RawCaller(connect("http/1.1"))) {
            String request = RawCaller.chatRequest("x".repeat(bytes));
            caller.send(request);
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(caller.restUntilClose()).isEmpty();
        }
    }

    @Test
    void ambiguousFramingEndsTheConnection() throws Exception {
        try (RawCaller caller = new RawCaller(connect("http/1.1"))) {
            caller.chat(BODY, "transfer-encoding: chunked");
            assertThat(caller.read().status()).isEqualTo(400);
            assertThat(caller.restUntilClose()).isEmpty();
        }
    }

    @Test
    void aCallerWithoutTlsIsNotAnsweredInHttp() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(BODY);
            assertThat(caller.restUntilClose()).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void aHandshakeThatDoesNotComeInTimeEndsTheConnection() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send("\u0016\u0003\u0001");
            assertThat(caller.restUntilClose()).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void aCallerThatExpectsAnotherHostGoesAway() throws Exception {
        assertThatThrownBy(() -> connectTo("other.example")).isInstanceOf(SSLException.class);
    }

    private static SSLSocket connect(String... protocols) throws Exception {
        return connectTo(HOST, protocols);
    }

    private static SSLSocket connectTo(String host, String... protocols) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, gateway.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
