package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any sixty seconds, wherever they begin, and nothing let go of too early or kept for good. */
class SlidingWindowTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int SEQUENCES = 3000;
    private static final int STEPS = 200;

    private final SlidingWindow window = new SlidingWindow(QuotaUnit.TOKENS, 100, SECOND);

    @Test
    void theLimitItselfFitsAndOneMoreDoesNot() {
        assertThat(window.tryTake(99, 0)).isZero();
        assertThat(window.tryTake(2, 0)).isEqualTo(Meter.NOTHING);
        assertThat(window.tryTake(1, 0)).isZero();
        assertThat(window.tryTake(1, 0)).isEqualTo(Meter.NOTHING);
        assertThat(window.remaining(0)).isZero();
    }

    @Test
    void whatWasBookedAtTheEndOfACellStillCountsWhenItMayHaveArrivedAMinuteAgo() {
        long late = SECOND - Meter.TRANSIT_NANOS - 1;
        assertThat(window.tryTake(100, late)).isZero();
        window.book(0, 100, late);

        assertThat(window.tryTake(1, late + 60 * SECOND + Meter.TRANSIT_NANOS))
                .as("sixty seconds after it may have arrived")
                .isEqualTo(Meter.NOTHING);
        assertThat(window.tryTake(1, 61 * SECOND - 1)).isEqualTo(Meter.NOTHING);
        assertThat(window.tryTake(1, 61 * SECOND)).as("after sixty whole cells").isZero();
    }

    @Test
    void whatWasBookedStillLaterIsOneOfTheNextCell() {
        long late = SECOND - Meter.TRANSIT_NANOS;
        assertThat(window.tryTake(100, late)).isZero();
        window.book(0, 100, late);

        assertThat(window.resetNanos(late)).isEqualTo(62 * SECOND - late);
        assertThat(window.waitNanos(1, late)).isEqualTo(62 * SECOND - late);
        assertThat(window.tryTake(1, 62 * SECOND - 1)).isEqualTo(Meter.NOTHING);
        assertThat(window.tryTake(1, 62 * SECOND)).isZero();
    }

    @Test
    void theWaitIsAsLongAsItSaysAndNotLonger() {
        book(60, 0);
        book(40, 10 * SECOND);
        long now = 20 * SECOND + 7;
        long wait = window.waitNanos(70, now);

        assertThat(wait).isEqualTo(71 * SECOND - now);
        assertThat(window.waitNanos(60, now)).as("less is free sooner").isEqualTo(61 * SECOND - now);
        assertThat(window.tryTake(70, now + wait - 1)).isEqualTo(Meter.NOTHING);
        assertThat(window.tryTake(70, now + wait)).isZero();
    }

    @Test
    void whatIsMoreThanReservedCountsFromNowAndMayStandAboveTheLimit() {
        long mark = book(50, 0);
        window.correct(mark, 50, 500, 30 * SECOND);

        assertThat(window.used(30 * SECOND)).isEqualTo(500);
        assertThat(window.remaining(30 * SECOND)).isZero();
        assertThat(window.used(61 * SECOND)).as("the first part is over").isEqualTo(450);
        assertThat(window.tryTake(1, 91 * SECOND - 1)).isEqualTo(Meter.NOTHING);
        assertThat(window.tryTake(1, 91 * SECOND)).isZero();
    }

    @Test
    void aCorrectionOfWhatCountsNoMoreChangesNothing() {
        long mark = book(50, 0);
        book(10, 60 * SECOND);
        window.correct(mark, 50, 0, 64 * SECOND);
        assertThat(window.used(64 * SECOND)).isEqualTo(10);
    }

    @Test
    void aLongSilenceEmptiesIt() {
        for (int i = 0; i < 90; i++) {
            book(1, i * SECOND);
        }
        for (long later : new long[] {200, 100_000, 100_000 + (1L << 23), 5L << 22}) {
            assertThat(window.used(later * SECOND)).isZero();
            assertThat(window.resetNanos(later * SECOND)).isZero();
            book(7, later * SECOND);
            assertThat(window.used(later * SECOND)).isEqualTo(7);
        }
    }

    @Test
    void aCountWithoutMeasureDoesNotSpill() {
        long mark = book(1, 0);
        window.correct(mark, 1, Long.MAX_VALUE / 2, 0);
        window.correct(mark, 1, Long.MAX_VALUE / 2, 0);
        assertThat(window.tryTake(1, 60 * SECOND)).isEqualTo(Meter.NOTHING);
        assertThat(window.used(61 * SECOND)).isZero();
        assertThat(window.tryTake(100, 61 * SECOND)).isZero();
    }

    /** Thousands of sequences against a list of bookings. */
    @Test
    void itDecidesAsAListOfAllBookingsWould() {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            sequence(seed);
        }
    }

    private record Booked(long mark, long amount, PlainWindow.Booking plain) {}

    private static void sequence(int seed) {
        Random random = new Random(seed);
        long limit = 1 + random.nextLong(1000);
        long cellNanos = random.nextBoolean() ? SECOND : 1440 * SECOND;
        SlidingWindow window = new SlidingWindow(QuotaUnit.TOKENS, limit, cellNanos);
        PlainWindow plain = new PlainWindow(limit, cellNanos);
        List<Booked> open = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + ", step " + step;
            now += time(random, cellNanos);
            long amount = random.nextLong(limit / 3 + 2);
            if (random.nextInt(3) < 2) {
                boolean fits = window.tryTake(amount, now) != Meter.NOTHING;
                assertThat(fits).as(where).isEqualTo(plain.fits(amount, now));
                if (fits && random.nextInt(10) == 0) {
                    window.giveBack(0, amount);
                } else if (fits) {
                    open.add(new Booked(window.book(0, amount, now), amount, plain.book(amount, now)));
                    assertThat(plain.within(now)).as(where).isLessThanOrEqualTo(limit);
                }
            } else if (!open.isEmpty()) {
                Booked booked = open.remove(random.nextInt(open.size()));
                long real = random.nextInt(10) == 0 ? booked.amount + amount : random.nextLong(booked.amount + 1);
                window.correct(booked.mark, booked.amount, real, now);
                plain.correct(booked.plain, real, now);
            }
            assertThat(window.used(now)).as(where).isEqualTo(plain.used(now));
            long wait = window.waitNanos(amount, now);
            assertThat(plain.used(now + wait) + amount <= limit || amount > limit)
                    .as(where + " waits")
                    .isTrue();
            assertThat(wait == 0 || plain.used(now + wait - 1) + amount > limit)
                    .as(where + " waits")
                    .isTrue();
            assertThat(plain.used(now + window.resetNanos(now)))
                    .as(where + " resets")
                    .isZero();
        }
    }

    /** Mostly within a cell, sometimes far beyond the window. */
    private static long time(Random random, long cellNanos) {
        return switch (random.nextInt(20)) {
            case 0 -> random.nextLong(200 * cellNanos);
            case 1, 2, 3 -> random.nextLong(20 * cellNanos);
            default -> random.nextLong(2 * cellNanos);
        };
    }

    private long book(long amount, long now) {
        window.take(amount, now);
        return window.book(0, amount, now);
    }
}
