package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log at a syslog daemon: the same facts, no secret, and no caller who waits for it. */
final class SyslogJourneyTest {
    private static final String PROMPT = "a-prompt-nobody-may-read";

    private final Path socket;

    SyslogJourneyTest(@TempDir Path directory) {
        socket = directory.resolve("log");
    }

    private TestGateway gateway(ScriptedUpstream upstream) throws IOException {
        return TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: { syslog: "%s" }
                keys: { caller: %s }
                deployments: { gpt: { upstreams: [{ url: "%s/v1", key: provider-secret }] } }
                """.formatted(socket, TestGateway.KEY, upstream.url()));
    }

    private static void ask(TestGateway gateway, String id) throws IOException {
        String body = "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}";
        try (RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.send("POST /openai/v1/chat/completions?code=in-the-query HTTP/1.1\r\nhost: localhost\r\n"
                                    + "api-key: " + TestGateway.KEY + "\r\nx-request-id: " + id
                                    + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aLineTellsTheFactsAndNoSecret() throws Exception {
        try (ServiceSocket daemon = new ServiceSocket(socket.toString());
                ScriptedUpstream upstream =
                        ScriptedUpstream.start((request, call) -> call.json(200, "{\"text\":\"a-completion\"}"));
                TestGateway gateway = gateway(upstream)) {
            ask(gateway, "first");
            assertThat(daemon.next())
                    .startsWith("<134>1 ")
                    .contains(" headgate ", " access - {\"time\":", "\"id\":\"first\"", "\"principal\":\"caller\"")
                    .endsWith("\"endedBy\":\"answer\"}")
                    .doesNotContain(TestGateway.KEY, "provider-secret", PROMPT, "a-completion", "in-the-query");
        }
    }

    @Test
    void callersDoNotWaitForADaemonThatIsAwayAndItMissesNothing() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = gateway(upstream)) {
            ask(gateway, "before-it-came");
            try (ServiceSocket daemon = new ServiceSocket(socket.toString())) {
                assertThat(daemon.next()).contains("\"id\":\"before-it-came\"");
            }
            Files.deleteIfExists(socket);
            ask(gateway, "while-it-was-away");
            try (ServiceSocket daemon = new ServiceSocket(socket.toString())) {
                ask(gateway, "when-it-was-back");
                assertThat(daemon.next()).contains("\"id\":\"while-it-was-away\"");
                assertThat(daemon.next()).contains("\"id\":\"when-it-was-back\"");
            }
        }
    }
}
