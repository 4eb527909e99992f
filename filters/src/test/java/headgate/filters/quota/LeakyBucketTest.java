package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Below 100 % everything passes, above nothing does, and it runs out all the time. */
class LeakyBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private final LeakyBucket bucket = new LeakyBucket(QuotaUnit.UTILIZATION, 600);

    @Test
    void belowAHundredPercentWhateverComesIsAdmitted() {
        assertThat(bucket.tryTake(599, 0)).isPositive();
        assertThat(bucket.tryTake(6000, 0)).as("at 99.8 %").isPositive();
        assertThat(bucket.used(0)).isEqualTo(6599);
        assertThat(bucket.tryTake(1, 0)).as("at 1100 %").isEqualTo(Meter.NOTHING);
        assertThat(bucket.remaining(0)).isZero();
    }

    @Test
    void whoIsRefusedNeverWaitsLongerThanTwoMinutesAndThenPasses() {
        bucket.tryTake(599, 0);
        bucket.tryTake(6000, 0);
        assertThat(bucket.tryTake(1, 0)).isEqualTo(Meter.NOTHING);
        long wait = bucket.waitNanos(1, 0);
        assertThat(wait).isBetween(118 * SECOND, 120 * SECOND);
        assertThat(bucket.tryTake(1, wait - 1)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.tryTake(1, wait)).isPositive();
    }

    @Test
    void atAHundredPercentNothingIs() {
        assertThat(bucket.tryTake(600, 0)).isPositive();
        assertThat(bucket.tryTake(1, 0)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.tryTake(1, 1)).as("and a moment later it is below").isPositive();
    }

    @Test
    void theWaitIsUntilItIsBelowAgain() {
        assertThat(bucket.tryTake(700, 0)).isPositive();
        long wait = bucket.waitNanos(1, 0);
        assertThat(wait).isEqualTo(10 * SECOND + 1);
        assertThat(bucket.tryTake(1, wait - 1)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.tryTake(1, wait)).isPositive();
    }

    @Test
    void aCorrectionCountsAtOnce() {
        long mark = bucket.tryTake(1200, 0);
        bucket.correct(mark, 1200, 300, 0);
        assertThat(bucket.used(0)).isEqualTo(300);
        bucket.correct(mark, 0, 600, 0);
        assertThat(bucket.tryTake(1, 0)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.resetNanos(0)).isEqualTo(90 * SECOND);
    }

    @Test
    void whatHasRunOutIsNotCreditedAgain() {
        long first = bucket.tryTake(600, 0);
        bucket.tryTake(600, 50 * SECOND);
        bucket.correct(first, 600, 0, 50 * SECOND);
        assertThat(bucket.used(50 * SECOND)).as("what came later, all of it").isEqualTo(600);
        bucket.correct(first, 600, 0, 70 * SECOND);
        assertThat(bucket.used(70 * SECOND)).as("long after it has run out").isEqualTo(400);
    }

    @Test
    void aCountWithoutMeasureDoesNotSpill() {
        bucket.take(Long.MAX_VALUE, 0);
        bucket.take(Long.MAX_VALUE, 0);
        assertThat(bucket.tryTake(1, 1000 * SECOND)).isEqualTo(Meter.NOTHING);
        assertThat(bucket.waitNanos(1, 0)).isPositive();
    }
}
