package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A balancer in front says for whom it speaks, and is believed only where the operator trusts it. */
class ProxyProtocolJourneyTest {
    private static final byte[] LINE =
            "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY =
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000cc0000202c6336401dc0401bb");
    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000");
    private static final String TRUSTED = ", proxyProtocol: true, trustedNetworks: [127.0.0.0/8]";
    private static final String UNTRUSTED = ", proxyProtocol: true, trustedNetworks: [192.0.2.0/24]";

    private TlsGround ground;
    private ScriptedUpstream upstream;
    private Path log;

    @BeforeEach
    void write(@TempDir Path files) throws Exception {
        ground = new TlsGround(files);
        ground.write("a", "gateway", "gateway.example");
        log = files.resolve("access.log");
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    @Test
    void bothVersionsTellTheSourceOfAllExchangesOfTheConnection() throws Exception {
        try (TestGateway gateway = gateway("", TRUSTED)) {
            for (byte[] header : new byte[][] {LINE, BINARY, LOCAL}) {
                try (RawCaller caller = new RawCaller(begin(gateway, header))) {
                    assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
                    assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
                }
            }
        }
        assertThat(sources())
                .containsExactlyInAnyOrder(
                        "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2", "127.0.0.1", "127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void tlsComesBehindTheHeader(String provider) throws Exception {
        String tls = ", tls: { certificate: DIR/a.crt, key: DIR/a.key, provider: " + provider + " }";
        try (TestGateway gateway = gateway(tls, TRUSTED)) {
            for (byte[] header : new byte[][] {LINE, BINARY}) {
                Socket secured = TlsGround.shake(ground.callers(null), begin(gateway, header), "gateway.example");
                try (RawCaller caller = new RawCaller(secured)) {
                    assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
                }
            }
        }
        assertThat(sources()).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
    }

    @Test
    void aTrustedBalancerWithoutAHeaderIsNotAnswered() throws Exception {
        try (TestGateway gateway = gateway("", TRUSTED);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(TlsGround.BODY);
            assertThat(caller.restUntilClose()).isEmpty();
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void aTrustedBalancerThatSaysNothingIsClosedInTime() throws Exception {
        try (TestGateway gateway = gateway("", TRUSTED, "limits: { headerTime: 300ms }");
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send("PROXY TCP4 ");
            assertThat(caller.closedWithin(9_000)).isTrue();
        }
    }

    @Test
    void aHeaderFromAnybodyElseIsNoHttp() throws Exception {
        try (TestGateway gateway = gateway("", UNTRUSTED)) {
            try (RawCaller caller = new RawCaller(begin(gateway, LINE))) {
                caller.chat(TlsGround.BODY);
                assertThat(caller.restUntilClose()).startsWith("HTTP/1.1 400 ");
            }
            try (RawCaller caller = new RawCaller(gateway.port())) {
                assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
            }
        }
        assertThat(sources()).as("nobody is believed").containsOnly("127.0.0.1");
    }

    @Test
    void withoutTheOptionAHeaderIsNoHttpEither() throws Exception {
        try (TestGateway gateway = gateway("", "");
                RawCaller caller = new RawCaller(begin(gateway, LINE))) {
            caller.chat(TlsGround.BODY);
            assertThat(caller.restUntilClose()).startsWith("HTTP/1.1 400 ");
        }
    }

    private TestGateway gateway(String tls, String source, String... more) throws Exception {
        return TestGateway.start("""
                listeners: [{ address: "127.0.0.1:0"%s%s }]
                accessLog: { file: %s }
                keys: { caller: %s }
                deployments: { gpt: { upstreams: [{ url: "%s/v1", model: m }] } }
                """.formatted(
                        tls.replace("DIR", ground.directory().toString()), source, log, TestGateway.KEY, upstream.url())
                + String.join("\n", more));
    }

    private static Socket begin(TestGateway gateway, byte[] header) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        OutputStream out = socket.getOutputStream();
        out.write(header);
        out.flush();
        return socket;
    }

    private List<String> sources() throws Exception {
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceAll(".*\"source\":\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
