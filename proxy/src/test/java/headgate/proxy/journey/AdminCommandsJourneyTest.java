package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be ordered on the admin listener. */
class AdminCommandsJourneyTest {
    private static final String ADMIN = "admin: { listen: \"127.0.0.1:0\" }\n";
    private static final String ONE = "deployments: { one: { upstreams: [{ url: \"http://127.0.0.1:1\" }] } }\n";
    private static final String TWO = "deployments: { two: { upstreams: [{ url: \"http://127.0.0.1:1\" }] } }\n";

    private final Path directory;

    AdminCommandsJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aReloadAnswersWithWhatCameOfIt() throws Exception {
        try (ReloadedGateway gateway = new ReloadedGateway(directory, ADMIN + ONE)) {
            assertThat(order(gateway, "POST /reload").status())
                    .as("before there is anything to order")
                    .isEqualTo(503);
            gateway.server.commands(gateway.reload, () -> {});
            gateway.write(ADMIN + TWO);
            RawCaller.Answer done = order(gateway, "POST /reload");
            assertThat(done.status()).isEqualTo(200);
            assertThat(gateway.server.reloads().applied()).isEqualTo(1);
            gateway.write(ADMIN + TWO + "deploymnets: {}\n");
            RawCaller.Answer refused = order(gateway, "POST /reload");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("deploymnets: unknown key", "(did you mean deployments?)");
            assertThat(gateway.server.reloads().refused()).isEqualTo(1);
            assertThat(order(gateway, "GET /status").body())
                    .as("the status page has it, with who asked and why not")
                    .contains("\"cause\":\"command\",\"problems\":1,\"texts\":[\"", "deploymnets: unknown key")
                    .contains("\"applied\":true,\"cause\":\"command\",\"problems\":0,\"texts\":[]");
            assertThat(order(gateway, "GET /reload").status()).isEqualTo(405);
        }
    }

    @Test
    void aDrainIsBegun() throws Exception {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        try (ReloadedGateway gateway = new ReloadedGateway(directory, ADMIN + ONE)) {
            assertThat(order(gateway, "POST /drain").status()).isEqualTo(503);
            gateway.server.commands(gateway.reload, () -> drained.complete(null));
            assertThat(order(gateway, "POST /drain").status()).isEqualTo(202);
            drained.get(30, TimeUnit.SECONDS);
        }
    }

    private static RawCaller.Answer order(ReloadedGateway gateway, String methodAndPath) throws Exception {
        int port = Objects.requireNonNull(gateway.server.adminAddress()).getPort();
        try (RawCaller operator = new RawCaller(port)) {
            operator.send(methodAndPath + " HTTP/1.1\r\nhost: 127.0.0.1:" + port + "\r\ncontent-length: 0\r\n\r\n");
            return operator.read();
        }
    }
}
