package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headgate explain}, as an engineer on call types it beside a running gateway. */
final class ExplainCommandJourneyTest {
    private final Path directory;

    ExplainCommandJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anIdAndARequestAreExplained() throws Exception {
        try (AdminGateway gateway = new AdminGateway("token: " + AdminGateway.TOKEN)) {
            String file = Files.writeString(
                            directory.resolve("headgate.yaml"),
                            "admin: { listen: \"127.0.0.1:" + gateway.adminPort() + "\", token: " + AdminGateway.TOKEN
                                    + " }\ndeployments: { gpt: { upstreams: [{ url: http://127.0.0.1:1 }] } }\n")
                    .toString();
            String id = gateway.caller.chat(Upstreams.BODY).read().field("x-request-id");
            await().untilAsserted(() -> assertThat(
                            KeyNodes.run("explain", "--id", id, file).out())
                    .startsWith("{\"exchanges\":[{")
                    .contains("\"id\":\"" + id + "\"", "\"status\":200"));
            KeyNodes.Said unknown = KeyNodes.run("explain", "--id", "of nobody", file);
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.errors())
                    .contains("404: No exchange of this id is among the last ones")
                    .doesNotContain("no gateway answers");

            String request = Files.writeString(
                            directory.resolve("request.json"),
                            "{\"path\":\"/openai/v1/chat/completions\",\"body\":" + Upstreams.BODY + "}")
                    .toString();
            assertThat(KeyNodes.run("explain", "--request", request, file).out())
                    .startsWith("{\"decision\":\"refuse\"")
                    .contains("\"status\":401");
            assertThat(KeyNodes.run("explain", "--request", request + ".not", file)
                            .code())
                    .isEqualTo(1);
            assertThat(KeyNodes.run("explain", file).code())
                    .as("one of both is wanted")
                    .isEqualTo(2);
        }
    }
}
