package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** TLS to an upstream: it must be who the configuration says, and a cut must not pass for an end. */
class UpstreamTlsJourneyTest {
    private static final ScriptedUpstream.Script GOOD = (request, call) -> call.json(200, "{\"ok\":true}");

    @Test
    void anUpstreamUnderAnAuthorityOfOnesOwnIsReached() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedUpstream upstream = authority.start(GOOD);
                TestGateway gateway = gateway("localhost", upstream, authority);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().body()).isEqualTo("{\"ok\":true}");
            assertThat(caller.chat(BODY).read().body()).isEqualTo("{\"ok\":true}");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void anUpstreamCanBeNamedByItsAddress() throws Exception {
        TestAuthority authority = new TestAuthority("127.0.0.1");
        try (ScriptedUpstream upstream = authority.start(GOOD);
                TestGateway gateway = gateway("127.0.0.1", upstream, authority);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(authority.namesAsked())
                    .as("an address is no server name")
                    .isEmpty();
        }
    }

    @Test
    void anUpstreamUnderAnUnknownAuthorityIsRefused() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedUpstream upstream = authority.start(GOOD);
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"https://localhost:" + upstream.port() + "\" }] }");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(502);
            assertThat(upstream.waiting())
                    .as("not a byte of the request was told")
                    .isZero();
        }
    }

    @Test
    void anUpstreamThatIsAnotherHostIsRefused() throws Exception {
        TestAuthority authority = new TestAuthority("another.example");
        for (String host : new String[] {"localhost", "127.0.0.1"}) {
            try (ScriptedUpstream upstream = authority.start(GOOD);
                    TestGateway gateway = gateway(host, upstream, authority);
                    RawCaller caller = new RawCaller(gateway.port())) {
                assertThat(caller.chat(BODY).read().status()).isEqualTo(502);
                assertThat(upstream.waiting()).isZero();
            }
        }
    }

    @Test
    void anUpstreamThatSpeaksPlainHttpIsRefused() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GOOD);
                TestGateway gateway = gateway("127.0.0.1", upstream, authority);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(BODY);
            upstream.close();
            assertThat(caller.read().status()).isEqualTo(502);
        }
    }

    @Test
    void anAnswerThatTheConnectionEndsIsWholeOnlyAfterACloseNotify() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedUpstream upstream = authority.start((request, call) -> {
                    call.send("HTTP/1.1 200 OK\r\n\r\nbody");
                    if (request.field("x-end").equals("clean")) {
                        call.socket().close();
                    } else {
                        Thread.sleep(30);
                        call.plain().close();
                    }
                });
                TestGateway gateway = gateway("localhost", upstream, authority);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY, "x-end: clean").read().body()).isEqualTo("body");
            caller.chat(BODY, "x-end: cut");
            assertThatThrownBy(caller::read).as("anyone could have cut it").isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLongAnswerComesWholeThroughTls() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        String body = "0123456789abcdef".repeat(200_000);
        try (ScriptedUpstream upstream = authority.start((request, call) -> call.json(200, body));
                TestGateway gateway = gateway("localhost", upstream, authority);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().body().equals(body)).isTrue();
        }
    }

    private static TestGateway gateway(String host, ScriptedUpstream upstream, TestAuthority authority)
            throws IOException {
        return TestGateway.withDeployment("{ upstreams: [{ url: \"https://" + host + ":" + upstream.port()
                + "\", ca: \"" + authority.file() + "\" }] }");
    }
}
