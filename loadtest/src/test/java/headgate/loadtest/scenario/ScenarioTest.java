package headgate.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioTest {
    @TempDir
    private Path directory = Path.of("");

    private Scenario read(String text) throws IOException {
        return Scenario.read(Files.writeString(directory.resolve("s.yaml"), text));
    }

    @Test
    void aFileSaysWhatDiffersAndTheRestIsAsUsual() throws IOException {
        Scenario scenario = read("# a comment\n\nrate: 12.5   # calls a second\npath: /v1/x#y\n");

        assertThat(scenario.number(Key.RATE)).isEqualTo(12.5);
        assertThat(scenario.text(Key.PATH)).isEqualTo("/v1/x#y");
        assertThat(scenario.text(Key.DURATION)).isEqualTo(Key.DURATION.standard());
        assertThat(scenario.with(Key.RATE, "3").number(Key.RATE)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rte: 5 | s.yaml:1: no such key: rte",
                "rate 5 | s.yaml:1: no such key: rate 5",
                "rate: many | s.yaml:1: rate: 'many' is not a number",
                "rate: -1 | s.yaml:1: rate: '-1' is not a number",
                "duration: 5 | s.yaml:1: duration: '5' is not a duration",
                "abort: 1.1 | s.yaml:1: abort: '1.1' is not a share from 0 to 1",
                "stream: yes | s.yaml:1: stream: 'yes' is not true or false",
                "connections: 1.5 | s.yaml:1: connections: '1.5' is not a whole number",
                "prompt: normal:1:2 | s.yaml:1: prompt: 'normal:1:2' is not a distribution",
                "prompt: uniform:2:1 | s.yaml:1: prompt: 'uniform:2:1' begins above its end",
                "arrivals: sometimes | arrivals: one of",
                "arrivals: trace | trace: a file is needed",
                "path: v1/x | path: must begin with a slash",
                "model: a\"b | model: letters, digits",
                "http: 3 | http: 1.1 or 2 is needed",
                "rate: 0 | rate: must be above 0",
                "warmup: 30s | warmup: must be shorter than duration",
                "burst-for: 11s | burst-for: must not be longer than burst-every",
                "connections: 0 | connections: must be above 0",
                "loops: 300 | connections: each loop needs one"
            })
    void whatIsWrongIsSaidWithItsLine(String line, String problem) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aKeyMayBeSaidOnce() {
        assertThatThrownBy(() -> read("rate: 1\nrate: 2\n")).hasMessageContaining("s.yaml:2: rate is said twice");
    }

    @Test
    void theShippedScenariosAreGood() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("scenarios"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(8);
            for (Path file : all) {
                assertThat(Scenario.read(file).nanos(Key.DURATION))
                        .as("%s", file)
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"20,20,0", "uniform:10:30,20,0.5", "exponential:20,20,0.5", "lognormal:20:0.5,22.66,0.5"})
    void aDistributionHasItsMean(String text, double mean, double tolerance) {
        Random random = new Random(11);
        Distribution distribution = Distribution.parse(text, Amount::number);
        double sum = 0;
        for (int i = 0; i < 20_000; i++) {
            double drawn = distribution.draw(random);
            assertThat(drawn).isNotNegative();
            sum += drawn;
        }
        assertThat(Math.abs(sum / 20_000 - mean)).as("seed 11").isLessThanOrEqualTo(tolerance);
    }
}
