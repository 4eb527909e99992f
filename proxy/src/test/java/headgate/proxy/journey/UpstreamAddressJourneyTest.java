package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From a host name to a connection. */
class UpstreamAddressJourneyTest {
    private static final ScriptedUpstream.Script GOOD = (request, call) -> call.json(200, "{}");

    @Test
    void localhostIsFoundWhicheverOfItsAddressesListens() throws Exception {
        for (InetAddress address : InetAddress.getAllByName("localhost")) {
            try (ScriptedUpstream upstream = ScriptedUpstream.start(GOOD, address, plain -> plain);
                    TestGateway gateway = gateway("localhost", upstream.port());
                    RawCaller caller = new RawCaller(gateway.port())) {
                assertThat(caller.chat(BODY).read().status()).as("%s", address).isEqualTo(200);
                assertThat(upstream.next().field("host")).isEqualTo("localhost:" + upstream.port());
            }
        }
    }

    @Test
    void anAddressOfEitherKindCanBeWritten() throws Exception {
        for (InetAddress address : bindable("127.0.0.1", "::1")) {
            try (ScriptedUpstream upstream = ScriptedUpstream.start(GOOD, address, plain -> plain)) {
                String written = address instanceof Inet6Address ? "[::1]" : "127.0.0.1";
                try (TestGateway gateway = gateway(written, upstream.port());
                        RawCaller caller = new RawCaller(gateway.port())) {
                    assertThat(caller.chat(BODY).read().status()).as(written).isEqualTo(200);
                    assertThat(upstream.next().field("host")).isEqualTo(written + ":" + upstream.port());
                }
            }
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

    /** Those of the addresses that this machine has; the first of them every machine has. */
    private static List<InetAddress> bindable(String... addresses) throws IOException {
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            InetAddress parsed = InetAddress.getAllByName(address)[0];
            try (ServerSocket listener = new ServerSocket(0, 1, parsed)) {
                found.add(listener.getInetAddress());
            } catch (BindException e) {
                assertThat(parsed).as("the loopback every machine has").isInstanceOf(Inet6Address.class);
            }
        }
        return found;
    }
}
