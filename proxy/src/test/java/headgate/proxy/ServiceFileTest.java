package headgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;

/** The unit file that is shipped, against the program that it starts. */
final class ServiceFileTest {
    private static final String UNIT = "../conf/systemd/headgate.service";
    private static final Pattern SETTING = Pattern.compile("(?m)^(\\w+)=(.*)$");
    private static final Pattern COMMAND = Pattern.compile("/usr/bin/headgate (\\w+) /etc/headgate/headgate\\.yaml");

    private final List<Map.Entry<String, String>> settings;

    ServiceFileTest() throws IOException {
        settings = SETTING.matcher(Files.readString(Path.of(UNIT)))
                .results()
                .map(setting -> Map.entry(setting.group(1), setting.group(2)))
                .toList();
    }

    @Test
    void itsCommandsAreThoseOfTheProgram() {
        Map<String, CommandLine> known = new CommandLine(new Headgate()).getSubcommands();
        assertThat(command("ExecStartPre")).isEqualTo("check").isIn(known.keySet());
        assertThat(command("ExecStart")).isEqualTo("run").isIn(known.keySet());
        assertThat(values("ExecReload"))
                .as("judged first, so that a reload that would be refused fails")
                .hasSize(2)
                .first()
                .asString()
                .contains(" check ");
        assertThat(values("ExecReload")).last().isEqualTo("/bin/kill -HUP $MAINPID");
    }

    @Test
    void itWaitsForTheDrainAndForWhatTheProgramTells(@TempDir Path directory) throws Exception {
        GatewayConfig config = ConfigLoader.load(
                Files.writeString(
                        directory.resolve("headgate.yaml"), "deployments: { d: { upstreams: [{ url: http://h }] } }"),
                Map.of());
        assertThat(Duration.ofSeconds(number("TimeoutStopSec"))).isGreaterThan(config.drain());
        assertThat(number("LimitNOFILE"))
                .as("a caller costs one descriptor, its upstream another")
                .isGreaterThan(2L * config.limits().connections());
        assertThat(values("Type")).containsExactly("notify");
        assertThat(number("WatchdogSec")).isPositive();
    }

    @Test
    void itHasAUserOfItsOwnAndSecretsByFiles() {
        assertThat(values("User")).containsExactly("headgate");
        assertThat(values("LoadCredential")).containsExactly("secret:/etc/headgate/secrets");
        assertThat(values("CapabilityBoundingSet")).as("no capability").containsExactly("");
    }

    @Test
    void itsSocketsAreThoseOfTheFirstConfiguration() throws Exception {
        String socket = Files.readString(Path.of("../conf/systemd/headgate.socket"));
        List<String> addresses = SETTING.matcher(socket)
                .results()
                .filter(setting -> setting.group(1).equals("ListenStream"))
                .map(setting -> setting.group(2))
                .toList();
        GatewayConfig config = ConfigLoader.load(Path.of("packages/first.yaml"), Map.of());
        assertThat(config.listeners())
                .extracting(listener -> listener.host() + ":" + listener.port())
                .isEqualTo(addresses);
        assertThat(values("NonBlocking"))
                .as("an event loop must not wait for a connection that another process has taken")
                .containsExactly("yes");
    }

    /** By the machine's own judge where it has one; {@code check-deb} always has one. */
    @Test
    void itsSandboxLeavesOpenNoMoreThanItMay() throws Exception {
        Process judge;
        try {
            judge = new ProcessBuilder(
                            "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", UNIT)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException absent) {
            throw new TestAbortedException("there is no systemd-analyze on this machine", absent);
        }
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (said.contains("unrecognized option") || said.contains("Unknown command verb")) {
            throw new TestAbortedException("the systemd-analyze of this machine cannot judge a file: " + said);
        }
        assertThat(judge.waitFor()).as("an exposure of 1.5 or less: %s", said).isZero();
        assertThat(said).contains("Overall exposure level");
    }

    private String command(String key) {
        assertThat(values(key)).hasSize(1);
        Matcher command = COMMAND.matcher(values(key).get(0));
        assertThat(command.matches()).isTrue();
        return command.group(1);
    }

    private long number(String key) {
        return Long.parseLong(values(key).get(0));
    }

    private List<String> values(String key) {
        return settings.stream()
                .filter(setting -> setting.getKey().equals(key))
                .map(Map.Entry::getValue)
                .toList();
    }
}
