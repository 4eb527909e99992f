package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.proxy.telemetry.LastMinute.Reading;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is remembered of the last minute, and what is not. */
final class LastMinuteTest {
    private final LastMinute minute = new LastMinute();

    @Test
    void whoLooksAgainIsToldOfAMinuteAtMost() {
        Reading first = at(0);
        assertThat(minute.before(first)).isSameAs(first);
        assertThat(minute.before(at(2))).isSameAs(first);
        assertThat(minute.before(at(60))).isSameAs(first);
        assertThat(minute.before(at(61)).nanos()).isGreaterThan(first.nanos());
    }

    @Test
    void theHourBeforeTheFirstLookIsNoMinute() {
        minute.before(at(0));
        minute.before(at(10));
        Reading later = at(3600);
        assertThat(minute.before(later))
                .as("nothing is known of the minute before")
                .isSameAs(later);
        assertThat(minute.size()).isEqualTo(1);
    }

    @Test
    void fewReadingsAreKeptHoweverManyLook() {
        for (int tenths = 0; tenths < 2000; tenths++) {
            minute.before(new Reading(TimeUnit.MILLISECONDS.toNanos(100L * tenths), Map.of()));
            assertThat(minute.size()).isLessThanOrEqualTo(11);
        }
    }

    @Test
    void whenNobodyLooksNothingIsKept() {
        minute.before(at(0));
        minute.before(at(30));
        assertThat(minute.forget(TimeUnit.SECONDS.toNanos(61)))
                .as("one is left")
                .isTrue();
        assertThat(minute.forget(TimeUnit.SECONDS.toNanos(91))).isFalse();
        assertThat(minute.size()).isZero();
    }

    private static Reading at(long seconds) {
        return new Reading(TimeUnit.SECONDS.toNanos(seconds), Map.of());
    }
}
