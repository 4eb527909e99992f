package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name that a caller asks for chooses the certificate it sees, whoever speaks TLS. */
class ServerNameJourneyTest {
    private static final String CERTIFICATES = """
            certificates: [
                { certificate: DIR/first.crt, key: DIR/first.key },
                { certificate: DIR/api.crt, key: DIR/api.key },
                { certificate: DIR/wild.crt, key: DIR/wild.key },
                { certificate: DIR/said.crt, key: DIR/said.key, names: [Said.Example] } ],
              provider: \
            """;

    private TlsGround ground;
    private ScriptedUpstream upstream;

    @BeforeEach
    void write(@TempDir Path files) throws Exception {
        ground = new TlsGround(files);
        ground.write("first", "first", "first.example");
        ground.write("api", "api", "api.example", "b.wild.example");
        ground.write("wild", "wild", "*.wild.example");
        ground.write("said", "said", "unsaid.example");
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void eachNameChoosesItsCertificate(String provider) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, CERTIFICATES + provider)) {
            int port = gateway.port();
            assertThat(ground.shown(port, "api.example")).isEqualTo("api");
            assertThat(ground.shown(port, "API.Example"))
                    .as("case makes no difference")
                    .isEqualTo("api");
            assertThat(ground.shown(port, "a.wild.example")).isEqualTo("wild");
            assertThat(ground.shown(port, "b.wild.example"))
                    .as("the name itself comes first")
                    .isEqualTo("api");
            assertThat(ground.shown(port, "a.b.wild.example"))
                    .as("a wildcard is one label")
                    .isEqualTo("first");
            assertThat(ground.shown(port, "wild.example"))
                    .as("a wildcard is a label")
                    .isEqualTo("first");
            assertThat(ground.shown(port, "said.example")).isEqualTo("said");
            assertThat(ground.shown(port, "unsaid.example"))
                    .as("names that are said replace the others")
                    .isEqualTo("first");
            assertThat(ground.shown(port, "unknown.example")).isEqualTo("first");
            assertThat(ground.shown(port, null)).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void anExchangePassesUnderEachCertificate(String provider) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, CERTIFICATES + provider)) {
            for (String name : new String[] {"first.example", "api.example", "x.wild.example"}) {
                try (RawCaller caller = new RawCaller(ground.connect(gateway.port(), name))) {
                    assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
                    assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void unknownNamesAreRefusedWhereTheOperatorSaysSo(String provider) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, "unknownName: refuse, " + CERTIFICATES + provider)) {
            assertThat(ground.shown(gateway.port(), "api.example")).isEqualTo("api");
            for (String name : new String[] {"unknown.example", null}) {
                assertThatThrownBy(() -> ground.shown(gateway.port(), name))
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("unrecognized_name");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void theOldestVersionIsKeptTo(String provider) throws Exception {
        String old = "certificate: DIR/api.crt, key: DIR/api.key, provider: " + provider;
        try (TestGateway both = ground.gateway(upstream, old);
                TestGateway newest = ground.gateway(upstream, old + ", minVersion: 1.3")) {
            assertThat(version(both, "TLSv1.2")).isEqualTo("TLSv1.2");
            assertThat(version(both, "TLSv1.3")).isEqualTo("TLSv1.3");
            assertThat(version(newest, "TLSv1.3", "TLSv1.2")).isEqualTo("TLSv1.3");
            assertThatThrownBy(() -> version(newest, "TLSv1.2")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aClientHelloThatDoesNotComeInTimeEndsTheConnection() throws Exception {
        String tls = "certificate: DIR/api.crt, key: DIR/api.key";
        try (TestGateway gateway = ground.gateway(upstream, tls, "limits: { headerTime: 500ms }");
                RawCaller silent = new RawCaller(gateway.port());
                RawCaller slow = new RawCaller(gateway.port())) {
            slow.send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001");
            for (int i = 0; i < 4; i++) {
                Thread.sleep(100);
                slow.send("\u0000");
            }
            assertThat(slow.closedWithin(9_000)).isTrue();
            assertThat(silent.closedWithin(9_000)).isTrue();
        }
    }

    @Test
    void aClientHelloAboveTheBoundEndsTheConnection() throws Exception {
        String tls = "certificate: DIR/api.crt, key: DIR/api.key";
        String limits = "limits: { requestLineBytes: 256, headerBytes: 1KiB, headerTime: 1h }";
        try (TestGateway gateway = ground.gateway(upstream, tls, limits);
                RawCaller large = new RawCaller(gateway.port())) {
            large.send("\u0016\u0003\u0001\u0008\u0000\u0001\u0000\u0007\u00fc" + "\u0000".repeat(2044));
            assertThat(large.closedWithin(30_000)).isTrue();
            assertThat(ground.shown(gateway.port(), null))
                    .as("one below the bound is read")
                    .isEqualTo("api");
        }
    }

    private String version(TestGateway gateway, String... versions) throws Exception {
        try (SSLSocket socket = TlsGround.connect(ground.callers(null), gateway.port(), "api.example", versions)) {
            return socket.getSession().getProtocol();
        }
    }
}
