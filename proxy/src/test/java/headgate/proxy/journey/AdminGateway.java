package headgate.proxy.journey;

import java.io.IOException;
import java.util.Objects;

/** A gateway with an admin listener, in front of one upstream, and somebody who looks in. */
final class AdminGateway implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-operators";

    final ScriptedUpstream upstream;
    final TestGateway gateway;
    final RawCaller caller;

    /**
     * Sets it up.
     *
     * @param admin what the admin section says beside its address, in flow style
     * @param more further top-level keys
     */
    AdminGateway(String admin, ScriptedUpstream.Script script, String... more) throws IOException {
        upstream = ScriptedUpstream.start(script);
        String section = "admin: { listen: \"127.0.0.1:0\", " + admin + " }\n";
        gateway = TestGateway.inFrontOf(upstream, section + String.join("\n", more));
        caller = new RawCaller(gateway.port());
    }

    private AdminGateway(ScriptedUpstream upstream, TestGateway gateway) throws IOException {
        this.upstream = upstream;
        this.gateway = gateway;
        this.caller = new RawCaller(gateway.port());
    }

    /** With the deployment {@code gpt} written out, in flow style. */
    static AdminGateway withDeployment(String deployment) throws IOException {
        return new AdminGateway(
                ScriptedUpstream.start((request, call) -> call.json(200, "{}")),
                TestGateway.withDeployment(deployment, "admin: { listen: \"127.0.0.1:0\" }"));
    }

    AdminGateway(String admin) throws IOException {
        this(admin, (request, call) -> call.json(200, "{}"));
    }

    int adminPort() {
        return Objects.requireNonNull(gateway.server().adminAddress()).getPort();
    }

    RawCaller operator() throws IOException {
        return new RawCaller(adminPort());
    }

    /** What a page answers, asked on a connection of its own. */
    RawCaller.Answer get(String path, String... fields) throws IOException {
        return ask("GET", path, fields);
    }

    RawCaller.Answer ask(String method, String path, String... fields) throws IOException {
        try (RawCaller operator = operator()) {
            return operator.send(request(method, path, "127.0.0.1:" + adminPort(), fields))
                    .read();
        }
    }

    static String request(String method, String path, String host, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: " + host + "\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    @Override
    public void close() throws IOException {
        caller.close();
        gateway.close();
        upstream.close();
    }
}
