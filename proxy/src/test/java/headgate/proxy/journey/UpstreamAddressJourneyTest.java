package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a host name to a connection. */
class UpstreamAddressJourneyTest {
    private static final ScriptedUpstream.Script GOOD = (request, call) -> call.json(200, "{}");

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void localhostIsFoundWhicheverOfItsAddressesListens(String address) throws Exception {
        assumeThat(InetAddress.getAllByName("localhost"))
                .as("this machine's localhost")
                .contains(InetAddress.getByName(address));
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GOOD, InetAddress.getByName(address), plain -> plain);
                TestGateway gateway = gateway("localhost", upstream.port());
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(upstream.next().field("host")).isEqualTo("localhost:" + upstream.port());
        }
    }

    @Test
    void anAddressCanBeWrittenInBrackets() throws Exception {
        assumeThat(bindable("::1")).isTrue();
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GOOD, InetAddress.getByName("::1"), plain -> plain);
                TestGateway gateway = gateway("[::1]", upstream.port());
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(upstream.next().field("host")).isEqualTo("[::1]:" + upstream.port());
        }
    }

    @Test
    void aNameThatDoesNotExistIsABadGateway() throws Exception {
        try (TestGateway gateway = gateway("does-not-exist.invalid", 443);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isIn(502, 504);
        }
    }

    private static TestGateway gateway(String host, int port) throws IOException {
        return TestGateway.withDeployment(
                "{ timeouts: { connect: 2s }, upstreams: [{ url: \"http://" + host + ":" + port + "\" }] }");
    }

    private static boolean bindable(String address) {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return listener.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
