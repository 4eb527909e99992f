package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.loadtest.Frontier.Probe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierTest {
    @ParameterizedTest
    @ValueSource(doubles = {3, 99, 100, 101, 150, 777, 12_345})
    void theHighestGoodRateIsFoundFromBelowAndFromAbove(double limit) throws Exception {
        double found = new Frontier((rate, attempt) -> rate <= limit ? Probe.GOOD : Probe.BAD).search(100);

        assertThat(found).isBetween(limit / 1.06, limit);
    }

    @Test
    void aRateThatWasGoodOnceByLuckIsNotConfirmed() throws Exception {
        boolean[] lucky = {true};
        Frontier frontier = new Frontier((rate, attempt) -> {
            boolean good = rate <= 100 || (rate < 250 && lucky[0]);
            lucky[0] &= rate < 205;
            return good ? Probe.GOOD : Probe.BAD;
        });

        assertThat(frontier.search(50)).isLessThan(205);
    }

    @Test
    void nothingGoodIsZeroAndAVoidRunIsRemembered() throws Exception {
        Frontier frontier = new Frontier((rate, attempt) -> rate > 100 ? Probe.VOID : Probe.GOOD);

        assertThat(new Frontier((rate, attempt) -> Probe.BAD).search(100)).isZero();
        assertThat(frontier.search(80)).isBetween(95.0, 100.0);
        assertThat(frontier.metVoid()).isTrue();
    }
}
