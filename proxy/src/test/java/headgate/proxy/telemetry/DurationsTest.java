package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DurationsTest {
    @Test
    void every_bound_holds_what_takes_exactly_so_long_and_nothing_longer() {
        for (int i = 0; i < Durations.size(); i++) {
            long bound = Durations.boundNanos(i);
            Durations durations = new Durations();
            durations.record(bound - 1);
            durations.record(bound);
            durations.record(bound + 1);

            assertThat(durations.count(i)).as("bound %d", bound).isEqualTo(2);
            assertThat(durations.count(i + 1)).as("bound %d", bound).isEqualTo(1);
            assertThat(durations.sumNanos()).isEqualTo(3 * bound);
        }
    }

    @Test
    void bounds_go_from_a_tenth_of_a_millisecond_to_more_than_the_longest_exchange_by_at_most_a_third() {
        assertThat(Durations.boundNanos(0)).isEqualTo(100_000);
        assertThat(Durations.boundNanos(Durations.size() - 1)).isEqualTo(2_000_000_000_000L);
        for (int i = 1; i < Durations.size(); i++) {
            assertThat((double) Durations.boundNanos(i) / Durations.boundNanos(i - 1))
                    .isBetween(1.2, 1.34);
        }
    }

    @Test
    void what_cannot_be_measured_counts_as_nothing() {
        Durations durations = new Durations();
        durations.record(-1);
        durations.record(0);
        durations.record(Long.MAX_VALUE / 2);

        assertThat(durations.count(0)).isEqualTo(2);
        assertThat(durations.count(Durations.size())).isEqualTo(1);
        assertThat(new DurationSum().add(durations).quantileSeconds(1)).isInfinite();
        assertThat(new DurationSum().quantileSeconds(0.5)).isNaN();
    }

    @Test
    void quantiles_are_those_of_the_sorted_values_or_a_bucket_above() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Durations first = new Durations();
            Durations second = new Durations();
            long[] nanos = new long[1 + random.nextInt(500)];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = (long) (200_000 * Math.exp(random.nextDouble() * 12));
                (random.nextBoolean() ? first : second).record(nanos[i]);
            }
            Arrays.sort(nanos);
            DurationSum sum = new DurationSum().add(first).add(second);
            for (double part : new double[] {0.01, 0.5, 0.99, 1}) {
                double exact = nanos[(int) Math.ceil(nanos.length * part) - 1] / 1e9;
                assertThat(sum.quantileSeconds(part))
                        .as("seed %d, part %s", seed, part)
                        .isBetween(exact, exact * 1.34);
            }
            assertThat(sum.count()).as("seed %d", seed).isEqualTo(nanos.length);
            assertThat(sum.sumSeconds())
                    .as("seed %d", seed)
                    .isCloseTo(Arrays.stream(nanos).sum() / 1e9, within(1e-6));
            assertThat(sum.since(sum.copy()).count()).isZero();
        }
    }
}
