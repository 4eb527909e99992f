package headgate.proxy.journey;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.proxy.ProxyServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A gateway on a port of its own, started from YAML as an operator would write it. */
final class TestGateway implements AutoCloseable {
    static final String KEY = "a-test-key-of-the-caller";

    private final ProxyServer server;

    private TestGateway(ProxyServer server) {
        this.server = server;
    }

    /** Starts a gateway with everything that this configuration says; its admin listener is off where it says nothing. */
    static TestGateway start(String yaml) throws IOException {
        return start(yaml, System::nanoTime);
    }

    /** The same, with a clock of the test's for what is limited by the minute and by the day. */
    static TestGateway start(String yaml, LongSupplier nanoClock) throws IOException {
        try {
            String all = yaml.contains("admin:") ? yaml : yaml + "\nadmin: off\n";
            GatewayConfig config = ConfigLoader.load(all, Path.of("test.yaml").toAbsolutePath(), Map.of());
            return new TestGateway(ProxyServer.start(config, nanoClock));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Starts a gateway with one key and the deployment {@code gpt} at this upstream.
     *
     * @param more further top-level keys, such as {@code limits}
     */
    static TestGateway inFrontOf(ScriptedUpstream upstream, String... more) throws IOException {
        return withDeployment(
                "{ upstreams: [{ url: \"" + upstream.url() + "/v1\", model: upstream-model, key: provider-secret }] }",
                more);
    }

    /**
     * Starts a gateway with one key and a deployment {@code gpt} that is written out.
     *
     * @param deployment in flow style
     * @param more further top-level keys
     */
    static TestGateway withDeployment(String deployment, String... more) throws IOException {
        return start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %s }
                deployments:
                  gpt: %s
                """.formatted(KEY, deployment) + String.join("\n", List.of(more)));
    }

    int port() {
        return server.addresses().get(0).getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    ProxyServer server() {
        return server;
    }

    @Override
    public void close() {
        server.stop(Duration.ZERO);
    }
}
