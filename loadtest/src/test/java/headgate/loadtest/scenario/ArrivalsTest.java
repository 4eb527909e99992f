package headgate.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {
    private static final long SECOND = 1_000_000_000;
    private static final Arrivals.Sizes SIZES =
            new Arrivals.Sizes(new Distribution.Uniform(10, 20), new Distribution.Lognormal(50, 0.5));

    private static List<Arrival> all(Arrivals arrivals) {
        List<Arrival> all = new ArrayList<>();
        for (Arrival next = arrivals.next(); next != null; next = arrivals.next()) {
            all.add(next);
        }
        return all;
    }

    private static long between(List<Arrival> arrivals, double from, double to) {
        return arrivals.stream()
                .filter(each -> each.atNanos() >= from * SECOND && each.atNanos() < to * SECOND)
                .count();
    }

    @Test
    void evenArrivalsComeAtTheirRateFromTheFirstMomentOn() {
        List<Arrival> arrivals = all(Arrivals.at(new Rate.Constant(100), false, SIZES, 10 * SECOND, 1));

        assertThat(arrivals).hasSize(1000);
        assertThat(arrivals.get(0).atNanos()).isZero();
        for (int i = 0; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i).atNanos()).isCloseTo(i * SECOND / 100, within(1000L));
        }
    }

    @Test
    void poissonArrivalsHaveTheMeanAndTheSpreadOfIndependentCallers() {
        Random seeds = new Random(7);
        for (int round = 0; round < 20; round++) {
            long seed = seeds.nextInt(1 << 30);
            List<Arrival> arrivals = all(Arrivals.at(new Rate.Constant(200), true, SIZES, 100 * SECOND, seed));
            double squares = 0;
            for (int i = 1; i < arrivals.size(); i++) {
                double gap = (arrivals.get(i).atNanos() - arrivals.get(i - 1).atNanos()) / 1e9 * 200;
                squares += gap * gap;
            }

            // The deviation of the count is its root, 141; six of these are never seen.
            assertThat(arrivals.size()).as("seed %d", seed).isBetween(20_000 - 850, 20_000 + 850);
            assertThat(squares / arrivals.size())
                    .as("seed %d: E[x²] of Exp(1)", seed)
                    .isCloseTo(2, within(0.25));
        }
    }

    @Test
    void aRampGoesFromOneRateToTheOtherInAStraightLine() {
        List<Arrival> arrivals = all(Arrivals.at(new Rate.Ramp(0.001, 100, 10), false, SIZES, 12 * SECOND, 1));

        assertThat(between(arrivals, 0, 5)).isCloseTo(125, within(2L));
        assertThat(between(arrivals, 5, 10)).isCloseTo(375, within(2L));
        assertThat(between(arrivals, 10, 12)).as("then it stays").isCloseTo(200, within(2L));
        assertThat(between(all(Arrivals.at(new Rate.Ramp(50, 50, 10), false, SIZES, 10 * SECOND, 1)), 0, 5))
                .isCloseTo(250, within(1L));
    }

    @Test
    void burstsStandAtTheBeginningOfEachPeriod() {
        Rate bursts = new Rate.Bursts(10, 500, 5, 1);
        List<Arrival> arrivals = all(Arrivals.at(bursts, false, SIZES, 20 * SECOND, 1));

        for (int period = 0; period < 4; period++) {
            assertThat(between(arrivals, period * 5, period * 5 + 1)).isCloseTo(500, within(2L));
            assertThat(between(arrivals, period * 5 + 1, period * 5 + 5)).isCloseTo(40, within(2L));
        }
    }

    @Test
    void theSameSeedMakesTheSameCallsAndAnotherOneOthers() {
        Rate rate = new Rate.Bursts(20, 100, 2, 1);
        List<Arrival> once = all(Arrivals.at(rate, true, SIZES, 10 * SECOND, 5));

        assertThat(all(Arrivals.at(rate, true, SIZES, 10 * SECOND, 5))).isEqualTo(once);
        assertThat(all(Arrivals.at(rate, true, SIZES, 10 * SECOND, 6))).isNotEqualTo(once);
        assertThat(once).isSortedAccordingTo((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
        assertThat(once).allSatisfy(call -> assertThat(call.promptTokens()).isBetween(10, 20));
    }

    @Test
    void aTraceIsReplayedExactlyAndAtAnySpeed(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("trace.csv"),
                "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 23:59:59.9800000,4808,10\n"
                        + "2023-11-17 00:00:00.0320000,3180,8\n2023-11-17 00:00:01.9800001,110,27\n");
        List<Arrival> trace = Arrivals.readTrace(file);

        assertThat(trace)
                .containsExactly(
                        new Arrival(0, 4808, 10),
                        new Arrival(52_000_000, 3180, 8),
                        new Arrival(2_000_000_100, 110, 27));
        assertThat(all(Arrivals.replay(trace, 1, 3 * SECOND))).isEqualTo(trace);
        assertThat(all(Arrivals.replay(trace, 4, 3 * SECOND)))
                .extracting(Arrival::atNanos)
                .containsExactly(0L, 13_000_000L, 500_000_025L);
        assertThat(all(Arrivals.replay(trace, 1, 2 * SECOND)))
                .as("what comes after the duration is left out")
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "2023-11-16 18:17:03.97,1", "2023-11-16 18:17:03.97,a,b", "16.11.2023,1,2"})
    void aTraceThatIsNoneIsRefusedWithItsLine(String line, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("trace.csv"), "A,B,C\n2023-11-16 18:17:03.97,1,2\n" + line);

        assertThatThrownBy(() -> Arrivals.readTrace(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("trace.csv:3:");
    }
}
