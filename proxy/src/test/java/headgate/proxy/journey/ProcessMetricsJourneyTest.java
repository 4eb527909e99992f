package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is scraped of the process itself: its reloads, callers, loops, and itself. */
class ProcessMetricsJourneyTest {
    private static final String YAML = "admin: { listen: \"127.0.0.1:0\" }\n"
            + "deployments: { gpt: { upstreams: [{ url: \"http://127.0.0.1:1\" }] } }\n";

    private final Path directory;

    ProcessMetricsJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void reloadsStrangersConnectionsLoopsAndTheProcessAreCounted() throws Exception {
        double begun = System.currentTimeMillis() / 1e3;
        try (ReloadedGateway gateway = new ReloadedGateway(directory, YAML);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(gateway.reload(YAML + "drain: 2s\n").applied()).isTrue();
            assertThat(gateway.reload(YAML + "drain: 3s\n").applied()).isTrue();
            assertThat(gateway.reload(YAML + "nonsense: 1\n").applied()).isFalse();
            String stranger = RawCaller.chatRequest(Upstreams.BODY).replace(TestGateway.KEY, "a-key-of-nobody");
            assertThat(caller.send(stranger).read().status()).isEqualTo(401);
            await().untilAsserted(() -> {
                ScrapedMetrics metrics = scrape(gateway);
                assertThat(metrics.value("headgate_reloads_total{result=\"applied\"}"))
                        .isEqualTo(2);
                assertThat(metrics.value("headgate_reloads_total{result=\"refused\"}"))
                        .isEqualTo(1);
                assertThat(metrics.value("headgate_failed_attempts_total")).isEqualTo(1);
                assertThat(metrics.value("headgate_open_connections")).isEqualTo(1);
                assertThat(metrics.value("headgate_event_loop_lag_seconds_count"))
                        .as("loops look at the clock again and again")
                        .isPositive();
                assertThat(metrics.value("process_cpu_seconds_total")).isPositive();
                assertThat(metrics.value("process_start_time_seconds"))
                        .as("the gateway's own clock, whatever a sandbox shows of the system's")
                        .isBetween(begun, System.currentTimeMillis() / 1e3);
            });
        }
    }

    private static ScrapedMetrics scrape(ReloadedGateway gateway) throws IOException {
        int port = Objects.requireNonNull(gateway.server.adminAddress()).getPort();
        try (RawCaller operator = new RawCaller(port)) {
            return ScrapedMetrics.read(
                    operator.send(AdminGateway.request("GET", "/metrics", "localhost"))
                            .read()
                            .body(),
                    false);
        }
    }
}
