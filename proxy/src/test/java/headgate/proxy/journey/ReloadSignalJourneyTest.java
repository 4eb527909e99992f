package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP to a process, as an operator sends it. */
class ReloadSignalJourneyTest {
    @Test
    void sighupPutsTheFileIntoForceAndTheProcessGoesOn(@TempDir Path directory) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                ChildGateway gateway = new ChildGateway(directory, yaml(upstream, "other"));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(404);
            Files.writeString(directory.resolve("headgate.yaml"), yaml(upstream, "gpt"));
            new ProcessBuilder("kill", "-HUP", Long.toString(gateway.pid()))
                    .start()
                    .waitFor();
            await().until(() -> caller.chat(BODY).read().status() == 200);
            gateway.terminate();
            assertThat(gateway.awaitEnd()).isZero();
        }
    }

    private static String yaml(ScriptedUpstream upstream, String deployment) {
        return """
                listen: 127.0.0.1:0
                reloadTime: 0s
                admin: off
                keys: { caller: %s }
                deployments: { %s: { upstreams: [{ url: "%s" }] } }
                """.formatted(TestGateway.KEY, deployment, upstream.url());
    }
}
