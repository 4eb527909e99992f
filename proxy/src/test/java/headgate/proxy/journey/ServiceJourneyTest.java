package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that systemd has started: what systemd is told, and when. */
class ServiceJourneyTest {
    private static final String YAML = """
            listen: 127.0.0.1:0
            reloadTime: 0s
            keys: { caller: %s }
            deployments: { gpt: { upstreams: [{ url: "http://127.0.0.1:1" }] } }
            """.formatted(TestGateway.KEY);

    private final Path directory;

    ServiceJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void systemdIsToldWhenItIsReadyReloadsAndStops() throws Exception {
        String path = directory.resolve("notify").toString();
        try (ServiceSocket systemd = new ServiceSocket(path);
                ChildGateway gateway = new ChildGateway(directory, YAML, Map.of("NOTIFY_SOCKET", path));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(systemd.next()).startsWith("READY=1\nSTATUS=Listening on ");
            assertThat(caller.chat(BODY).read().status()).as("it answers").isEqualTo(502);
            hangUp(gateway);
            assertThat(systemd.next()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
            assertThat(systemd.next()).startsWith("READY=1\nSTATUS=Reloaded at ");
            gateway.terminate();
            assertThat(systemd.next()).startsWith("STOPPING=1\n");
            assertThat(gateway.awaitEnd()).isZero();
            assertThat(systemd.waiting()).isZero();
        }
    }

    @Test
    void aRefusedReloadIsOverTooAndTheStatusSaysWhatWasWrong() throws Exception {
        String path = directory.resolve("notify").toString();
        try (ServiceSocket systemd = new ServiceSocket(path);
                ChildGateway gateway = new ChildGateway(directory, YAML, Map.of("NOTIFY_SOCKET", path))) {
            assertThat(systemd.next()).startsWith("READY=1\n");
            Files.writeString(directory.resolve("headgate.yaml"), YAML + "nonsense: 1\n");
            hangUp(gateway);
            assertThat(systemd.next()).startsWith("RELOADING=1\n");
            assertThat(systemd.next())
                    .startsWith("READY=1\nSTATUS=Not reloaded at ")
                    .contains("headgate.yaml:5:1 nonsense: unknown key");
        }
    }

    @Test
    void theNameOfTheSocketMayBeAbstractAndTheWatchdogIsFed() throws Exception {
        String name = "headgate-test-" + ProcessHandle.current().pid();
        try (ServiceSocket systemd = new ServiceSocket("\0" + name);
                ChildGateway gateway = new ChildGateway(
                        directory, YAML, Map.of("NOTIFY_SOCKET", "@" + name, "WATCHDOG_USEC", "20000"))) {
            String told = systemd.next();
            while (told.equals("WATCHDOG=1")) {
                told = systemd.next();
            }
            assertThat(told).startsWith("READY=1\n");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            assertThat(gateway.running()).isTrue();
        }
    }

    @Test
    void aSocketThatSystemdHoldsIsListenedOnWhateverTheFileSays() throws Exception {
        String elsewhere = YAML.replace("127.0.0.1:0", "192.0.2.1:1");
        try (ChildGateway gateway = ChildGateway.withSocket(directory, elsewhere);
                RawCaller caller = new RawCaller(gateway.port());
                RawCaller another = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(502);
            assertThat(another.chat(BODY).read().status()).isEqualTo(502);
        }
    }

    @Test
    void aSocketAtWhichNobodyListensStopsNobody() throws Exception {
        String path = directory.resolve("nobody").toString();
        try (ChildGateway gateway = new ChildGateway(directory, YAML, Map.of("NOTIFY_SOCKET", path));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(502);
        }
    }

    private static void hangUp(ChildGateway gateway) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(gateway.pid())).start().waitFor();
    }
}
