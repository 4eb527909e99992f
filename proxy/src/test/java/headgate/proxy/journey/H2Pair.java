package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;

import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;

/** One upstream that speaks HTTP/2, one gateway in front of it, one caller that speaks HTTP/1.1. */
final class H2Pair implements AutoCloseable {
    final ScriptedH2Upstream upstream;
    final TestGateway gateway;
    final RawCaller caller;

    private H2Pair(ScriptedH2Upstream upstream, String deployment, String... more) throws IOException {
        this.upstream = upstream;
        this.gateway = TestGateway.withDeployment(deployment, more);
        this.caller = new RawCaller(gateway.port());
    }

    /** With prior knowledge; {@code more} are further top-level keys of the configuration. */
    static H2Pair plain(ScriptedH2Upstream.Script script, String... more) throws IOException {
        return plain(new ScriptedH2Upstream(script), more);
    }

    /** With prior knowledge, and an upstream that has settings of its own. */
    static H2Pair plain(ScriptedH2Upstream upstream, String... more) throws IOException {
        return new H2Pair(
                upstream,
                "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.port()
                        + "/v1\", http: 2, key: provider-secret }] }",
                more);
    }

    /** Over TLS, where the upstream chooses HTTP/2 by ALPN. */
    static H2Pair tls(ScriptedH2Upstream.Script script) throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        ScriptedH2Upstream upstream =
                new ScriptedH2Upstream(script, Http2Settings.defaultSettings(), authority.choosing("localhost", "h2"));
        return new H2Pair(
                upstream,
                "{ upstreams: [{ url: \"https://localhost:" + upstream.port() + "/v1\", ca: \"" + authority.file()
                        + "\", key: provider-secret }] }");
    }

    static H2Pair of(boolean tls, ScriptedH2Upstream.Script script) throws Exception {
        return tls ? tls(script) : plain(script);
    }

    RawCaller.Answer ask() throws IOException {
        return caller.chat(BODY).read();
    }

    @Override
    public void close() throws IOException {
        caller.close();
        gateway.close();
        upstream.close();
    }
}
