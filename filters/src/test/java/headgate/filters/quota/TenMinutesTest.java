package headgate.filters.quota;

import static headgate.filters.quota.HungryCallers.CALLERS;
import static headgate.filters.quota.HungryCallers.LIMIT;
import static headgate.filters.quota.HungryCallers.asks;
import static headgate.filters.quota.HungryCallers.uses;
import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten minutes of eight callers who want more than there is, some of whom leave: by their log, the limit is met from below. */
class TenMinutesTest {
    private static final long END = 600 * SECOND;
    private static final long STEP = SECOND / 200;

    private final Ledgers books = new Ledgers("rateLimit: { tokensPerMinute: " + LIMIT + " }", "");
    private final UsedTokens log = new UsedTokens();

    @Test
    void noMinuteHoldsMoreThanTheLimitAndNearlyAllOfItIsUsed() {
        for (int seed = 1; seed <= 3; seed++) {
            log.clear();
            run(seed);
            assertThat(log.fullest(60 * SECOND + Meter.TRANSIT_NANOS))
                    .as("most that may arrive in any 60 s, seed %d", seed)
                    .isBetween(LIMIT * 98 / 100, LIMIT);
            assertThat(log.emptiest(62 * SECOND + Meter.TRANSIT_NANOS, END))
                    .as("least in the time in which everything comes back, seed %d", seed)
                    .isGreaterThanOrEqualTo(LIMIT * 98 / 100);
            books.pass(70 * SECOND);
        }
    }

    private void run(int seed) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(new Caller(new Random(100L * seed + i)));
        }
        long start = books.now();
        while (books.now() - start < END) {
            callers.forEach(caller -> caller.step(start));
            books.pass(STEP);
        }
        callers.forEach(Caller::leave);
    }

    private final class Caller {
        private final Random random;
        private @Nullable Reservation open;
        private long asked;
        private long admitted;
        private long until;

        Caller(Random random) {
            this.random = random;
        }

        void step(long start) {
            long now = books.now() - start;
            if (now < until) {
                return;
            }
            leave();
            asked = asks(random);
            Reservation next = books.open("d", "caller");
            if (books.reserve(next, 1, asked, 0) == null) {
                open = next;
                admitted = now;
                until = now + HungryCallers.nanos(random);
            } else {
                until = now + SECOND / 100;
            }
        }

        void leave() {
            if (open != null) {
                long used = uses(random, asked);
                books.ledger.settle(open, 1, used, 0);
                log.add(admitted, used);
                open = null;
            }
        }
    }
}
