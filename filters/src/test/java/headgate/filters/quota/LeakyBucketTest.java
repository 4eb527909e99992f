package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Below 100 % everything passes, above nothing does, and it runs out all the time. */
class LeakyBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private final LeakyBucket bucket = new LeakyBucket(QuotaUnit.UTILIZATION, 600);

    @Test
    void belowAHundredPercentWhateverComesIsAdmitted() {
        assertThat(bucket.tryTake(599, 0)).isZero();
        assertThat(bucket.tryTake(6000, 0)).as("at 99.8 %").isZero();
        assertThat(bucket.tryTake(1, 0)).as("at 1100 %").isEqualTo(Meter.NOTHING);
        assertThat(bucket.used(0)).isEqualTo(6599);
        assertThat(bucket.remaining(0)).isZero();
    }

    @Test
    void atAHundredPercentNothingIs() {
        assertThat(bucket.tryTake(600, 0)).isZero();
        assertThat(bucket.tryTake(1, 0)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.tryTake(1, 1)).as("and a moment later it is below").isZero();
    }

    @Test
    void theWaitIsUntilItIsBelowAgain() {
        assertThat(bucket.tryTake(700, 0)).isZero();
        long wait = bucket.waitNanos(1, 0);
        assertThat(wait).isEqualTo(10 * SECOND + 1);
        assertThat(bucket.tryTake(1, wait - 1)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.tryTake(1, wait)).isZero();
    }

    @Test
    void aCorrectionCountsAtOnce() {
        assertThat(bucket.tryTake(1200, 0)).isZero();
        bucket.correct(0, 1200, 300, 0);
        assertThat(bucket.used(0)).isEqualTo(300);
        bucket.correct(0, 0, 600, 0);
        assertThat(bucket.tryTake(1, 0)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.resetNanos(0)).isEqualTo(90 * SECOND);
    }

    @Test
    void whatHasRunOutIsNotCreditedAgain() {
        assertThat(bucket.tryTake(600, 0)).isZero();
        bucket.correct(0, 600, 0, 50 * SECOND);
        assertThat(bucket.tryTake(600, 50 * SECOND)).isZero();
        assertThat(bucket.tryTake(1, 50 * SECOND))
                .as("an idle bucket is empty, never less")
                .isEqualTo(Meter.NOTHING);
    }

    @Test
    void aCountWithoutMeasureDoesNotSpill() {
        bucket.take(Long.MAX_VALUE, 0);
        bucket.take(Long.MAX_VALUE, 0);
        assertThat(bucket.tryTake(1, 1000 * SECOND)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.waitNanos(1, 0)).isPositive();
    }
}
