package headgate.proxy.journey;

import java.io.IOException;

/** One upstream, one gateway in front of it, one caller: what most journeys need. */
final class Pair implements AutoCloseable {
    final ScriptedUpstream upstream;
    final TestGateway gateway;
    final RawCaller caller;

    /** Sets them up; {@code more} are further top-level keys of the configuration. */
    Pair(ScriptedUpstream.Script script, String... more) throws IOException {
        upstream = ScriptedUpstream.start(script);
        gateway = TestGateway.inFrontOf(upstream, more);
        caller = new RawCaller(gateway.port());
    }

    @Override
    public void close() throws IOException {
        caller.close();
        gateway.close();
        upstream.close();
    }
}
