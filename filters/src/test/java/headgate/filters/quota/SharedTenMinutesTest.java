package headgate.filters.quota;

import static headgate.filters.quota.HungryCallers.CALLERS;
import static headgate.filters.quota.HungryCallers.LIMIT;
import static headgate.filters.quota.HungryCallers.asks;
import static headgate.filters.quota.HungryCallers.uses;
import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.quota.Borrowing.Account;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Ten minutes of eight callers at three nodes who want more than there is, some of whom leave: by their log, one limit is met
 * from below.
 *
 * <p>Time is simulated. Questions take their time, some too much of it, and then they were done all the same, or were not.
 */
final class SharedTenMinutesTest {
    private static final long MS = SECOND / 1000;
    private static final long END = 600 * SECOND;
    private static final long DEADLINE = 10 * MS;
    private static final long TICK = 200 * MS;
    /** When the clock of the lender began, long before those of the nodes. */
    private static final long LENDER_BEGIN_MICROS = 1_900_000_000_123_456L;

    private record Event(long nanos, long number, Runnable what) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparing(Event::number));
    private final UsedTokens log = new UsedTokens();
    private final PlainLender books = new PlainLender(() -> LENDER_BEGIN_MICROS + now() / 1000);
    private long now;
    private long count;
    private Random random = new Random(0);
    private int neverAnswered = Integer.MAX_VALUE;
    private int questions;
    private int late;

    @Test
    void noMinuteHoldsMoreThanTheLimitAndNearlyAllOfItIsUsed() {
        for (int seed = 1; seed <= 2; seed++) {
            run(seed);
            long fullest = log.fullest(60 * SECOND + Meter.TRANSIT_NANOS);
            long emptiest = log.emptiest(62 * SECOND + Meter.TRANSIT_NANOS, END);
            System.out.printf(
                    "ten minutes at three nodes: at most %d, at least %d of %d in a window; %d admitted, %d questions, %d late%n",
                    fullest, emptiest, LIMIT, log.size(), questions, late);
            assertThat(fullest)
                    .as("most that may arrive in any 60 s, seed %d", seed)
                    .isBetween(LIMIT * 98 / 100, LIMIT);
            assertThat(emptiest)
                    .as("least in the time in which everything comes back, seed %d", seed)
                    .isGreaterThanOrEqualTo(LIMIT * 98 / 100);
        }
    }

    @Test
    void noMinuteHoldsMoreThanTheLimitWhateverIsNeverAnswered() {
        neverAnswered = 200;
        run(3);
        assertThat(log.fullest(60 * SECOND + Meter.TRANSIT_NANOS)).isBetween(LIMIT * 9 / 10, LIMIT);
    }

    private long now() {
        return now;
    }

    private void run(int seed) {
        random = new Random(seed);
        events.clear();
        log.clear();
        books.lose();
        now = 0;
        questions = 0;
        late = 0;
        List<SharedMeter> nodes = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            Account account = new Account("d/", QuotaUnit.TOKENS, SECOND);
            SharedMeter meter = new SharedMeter(LIMIT, account, SECOND, new FarLender(), this::now, () -> {});
            nodes.add(meter);
            at(70L * node * MS, () -> tick(meter));
        }
        for (int i = 0; i < CALLERS; i++) {
            SharedMeter meter = nodes.get(i % nodes.size());
            at(random.nextLong(SECOND), () -> new Call(meter).begin());
        }
        while (now < END) {
            Event next = events.remove();
            now = next.nanos;
            next.what.run();
        }
    }

    private void at(long nanos, Runnable what) {
        events.add(new Event(nanos, count++, what));
    }

    private void tick(SharedMeter meter) {
        meter.tick(now);
        at(now + TICK, () -> tick(meter));
    }

    /** One exchange after the other. */
    private final class Call {
        private final SharedMeter meter;
        private final long asked = asks(random);
        private final long began = now;

        Call(SharedMeter meter) {
            this.meter = meter;
        }

        void begin() {
            long mark = meter.tryTake(asked, now);
            if (mark != Meter.NOTHING) {
                long admitted = now;
                long used = uses(random, asked);
                log.add(admitted, used);
                at(now + HungryCallers.nanos(random), () -> {
                    meter.correct(mark, asked, used, now);
                    new Call(meter).begin();
                });
            } else if (now > began + DEADLINE || meter.refill(asked, now, this::begin) != Meter.Refill.LATER) {
                at(now + 10 * MS, () -> new Call(meter).begin());
            }
        }
    }

    /** One in fifty questions is answered too late; one that is never answered may have come, or not. */
    private final class FarLender implements Lender {
        @Override
        public boolean up(String limit) {
            return true;
        }

        @Override
        public Question ask(Demand demand) {
            questions++;
            CompletableFuture<Offer> inTime = new CompletableFuture<>();
            CompletableFuture<Offer> ever = new CompletableFuture<>();
            long there = now + random.nextLong(2 * MS);
            boolean lost = random.nextInt(neverAnswered) == 0;
            long back = random.nextInt(50) == 0 ? there + random.nextLong(100 * MS) : there + random.nextLong(2 * MS);
            at(now + DEADLINE, () -> inTime.completeExceptionally(new TimeoutException()));
            if (!lost || random.nextBoolean()) {
                at(there, () -> {
                    Offer offer = books.offer(demand);
                    if (!lost) {
                        at(back, () -> {
                            late += inTime.complete(offer) ? 0 : 1;
                            ever.complete(offer);
                        });
                    }
                });
            }
            return new Question(inTime, ever);
        }
    }
}
