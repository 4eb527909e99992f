package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that comes back resumes its session, and saves both sides most of the handshake. */
class SessionTicketJourneyTest {
    private static final String TLS = "certificate: DIR/a.crt, key: DIR/a.key, reloadTime: 100ms, provider: ";

    private TlsGround ground;
    private ScriptedUpstream upstream;

    @BeforeEach
    void write(@TempDir Path files) throws Exception {
        ground = new TlsGround(files);
        ground.write("a", "before", "gateway.example");
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    /** The JDK's tickets in TLS 1.3 are switched off for all tests by a property of theirs. */
    @ParameterizedTest
    @CsvSource({"boringssl, TLSv1.3", "boringssl, TLSv1.2", "jdk, TLSv1.2"})
    void aCallerThatComesBackResumes(String provider, String version) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, TLS + provider)) {
            SSLContext callers = ground.callers(null);
            long first = exchange(callers, gateway, version).getCreationTime();
            Thread.sleep(50);
            assertThat(exchange(callers, gateway, version).getCreationTime())
                    .as("the session is the same")
                    .isEqualTo(first);
            assertThat(exchange(ground.callers(null), gateway, version).getCreationTime())
                    .as("the session of a caller without a ticket is a new one")
                    .isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aTicketIsGoodAfterTheCertificateWasReplaced(String version) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, TLS + "boringssl")) {
            SSLContext callers = ground.callers(null);
            long first = exchange(callers, gateway, version).getCreationTime();
            ground.write("a", "after", "gateway.example");
            await().until(() -> ground.shown(gateway.port(), null).equals("after"));
            assertThat(exchange(callers, gateway, version).getCreationTime()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void nobodyResumesWhereTicketsAreOff(String version) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, TLS + "boringssl, sessionTickets: false")) {
            assertNobodyResumes(ground.callers(null), gateway, version);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void nobodyResumesWhoShowsACertificate(String version) throws Exception {
        String asks = ", clientCertificates: { ca: DIR/ca.pem }";
        try (TestGateway gateway = ground.gateway(upstream, TLS + "boringssl" + asks)) {
            assertNobodyResumes(ground.callers(ground.issue("CN=caller")), gateway, version);
        }
    }

    private static void assertNobodyResumes(SSLContext callers, TestGateway gateway, String version) throws Exception {
        long first = exchange(callers, gateway, version).getCreationTime();
        Thread.sleep(50);
        assertThat(exchange(callers, gateway, version).getCreationTime()).isNotEqualTo(first);
    }

    /** In TLS 1.3, a ticket comes behind the handshake, and is read with the answer. */
    private static SSLSession exchange(SSLContext callers, TestGateway gateway, String version) throws Exception {
        SSLSocket socket = TlsGround.connect(callers, gateway.port(), null, version);
        try (RawCaller caller = new RawCaller(socket)) {
            assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
            return socket.getSession();
        }
    }
}
