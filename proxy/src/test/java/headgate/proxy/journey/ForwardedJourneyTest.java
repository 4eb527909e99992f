package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose request a trusted proxy passes on, exchange by exchange; what callers write themselves counts for nothing. */
class ForwardedJourneyTest {
    private static final String TRUSTED = "[127.0.0.0/8, 10.0.0.0/8, \"2001:db8::/32\"]";

    private ScriptedUpstream upstream;
    private Path log = Path.of("access.log");

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        log = directory.resolve("access.log");
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "x-forwarded-for > x-forwarded-for: 192.0.2.1 > 192.0.2.1",
                "x-forwarded-for > x-forwarded-for: 192.0.2.1:4711 > 192.0.2.1",
                "x-forwarded-for > x-forwarded-for: 198.51.100.9, 192.0.2.1, 10.1.2.3 > 192.0.2.1",
                "x-forwarded-for > x-forwarded-for: garbage!, 192.0.2.1, 10.1.2.3 > 192.0.2.1",
                "x-forwarded-for > x-forwarded-for: 192.0.2.1|x-forwarded-for: 10.1.2.3 > 192.0.2.1",
                "x-forwarded-for > x-forwarded-for: 2001:db9::1, 2001:db8::2 > 2001:db9:0:0:0:0:0:1",
                "x-forwarded-for > x-forwarded-for: 10.0.0.1, 10.0.0.2 > 10.0.0.1",
                "x-forwarded-for > x-forwarded-for: 192.0.2.1, unknown, 10.1.2.3 > 10.1.2.3",
                "x-forwarded-for > x-forwarded-for: > 127.0.0.1",
                "x-forwarded-for > forwarded: for=192.0.2.1 > 127.0.0.1",
                "forwarded > forwarded: for=192.0.2.1 > 192.0.2.1",
                "forwarded > forwarded: for=192.0.2.1;proto=https, for=\"[2001:db8::2]:443\" > 192.0.2.1",
                "forwarded > forwarded: for=192.0.2.1|forwarded: for=10.0.0.2 > 192.0.2.1",
                "forwarded > forwarded: for=_hidden, for=10.0.0.2 > 10.0.0.2",
                "forwarded > x-forwarded-for: 192.0.2.1 > 127.0.0.1",
                "off > x-forwarded-for: 192.0.2.1|forwarded: for=192.0.2.1 > 127.0.0.1"
            })
    void theNearestHopThatIsNotTrustedIsTheSource(String field, String fields, String source) throws Exception {
        try (TestGateway gateway = gateway(field, TRUSTED);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(TlsGround.BODY, fields.split("\\|", -1))
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(caller.chat(TlsGround.BODY).read().status()).isEqualTo(200);
            assertThat(upstream.next().head().toLowerCase(Locale.ROOT))
                    .as("a provider does not learn of it")
                    .doesNotContain("forwarded");
        }
        assertThat(sources())
                .as("it holds for one exchange, and not for the connection's next")
                .containsExactly(source, "127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "x-forwarded-for, x-forwarded-for: 192.0.2.1",
        "forwarded, forwarded: for=192.0.2.1",
        "forwarded, forwarded: for=\"broken"
    })
    void anybodyElseIsNotBelievedNorRead(String field, String written) throws Exception {
        try (TestGateway gateway = gateway(field, "[192.0.2.0/24]");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(TlsGround.BODY, written).read().status()).isEqualTo(200);
        }
        assertThat(sources()).containsExactly("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "x-forwarded-for > x-forwarded-for: nonsense",
                "x-forwarded-for > x-forwarded-for: 192.0.2.1, nonsense, 10.0.0.2",
                "forwarded > forwarded: for=\", for=192.0.2.1",
                "forwarded > forwarded: for=nonsense"
            })
    void aFieldThatCannotBeReadIsRefused(String field, String written) throws Exception {
        try (TestGateway gateway = gateway(field, TRUSTED);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(TlsGround.BODY, written).read().status()).isEqualTo(400);
            assertThat(upstream.waiting()).isZero();
            assertThat(caller.chat(TlsGround.BODY).read().status())
                    .as("the connection is in step")
                    .isEqualTo(200);
        }
    }

    @Test
    void aProxyBehindABalancerIsJudgedByWhatTheBalancerSays() throws Exception {
        try (TestGateway gateway = gateway("x-forwarded-for, proxyProtocol: true", TRUSTED)) {
            for (String balanced : new String[] {"10.0.0.9", "203.0.113.9"}) {
                try (RawCaller caller = new RawCaller(gateway.port())) {
                    caller.send("PROXY TCP4 " + balanced + " 10.0.0.1 1 2\r\n");
                    caller.chat(TlsGround.BODY, "x-forwarded-for: 192.0.2.1").read();
                }
            }
        }
        assertThat(sources()).containsExactlyInAnyOrder("192.0.2.1", "203.0.113.9");
    }

    private TestGateway gateway(String forwarded, String networks) throws Exception {
        return TestGateway.start("""
                listeners: [{ address: "127.0.0.1:0", forwarded: %s, trustedNetworks: %s }]
                accessLog: { file: %s }
                keys: { caller: %s }
                deployments: { gpt: { upstreams: [{ url: "%s/v1", model: m }] } }
                """.formatted(forwarded, networks, log, TestGateway.KEY, upstream.url()));
    }

    private List<String> sources() throws Exception {
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceAll(".*\"source\":\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
