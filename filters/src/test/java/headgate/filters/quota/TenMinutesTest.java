package headgate.filters.quota;

import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten minutes of eight callers who want more than there is, some of whom leave: by their log, the limit is met from below. */
class TenMinutesTest {
    private static final int CALLERS = 8;
    private static final long LIMIT = 40_000;
    private static final long END = 600 * SECOND;
    private static final long STEP = SECOND / 200;
    private static final int PROMPT = 5;

    private final Ledgers books = new Ledgers("rateLimit: { tokensPerMinute: " + LIMIT + " }", "");
    private final List<Used> log = new ArrayList<>();

    /** What one exchange used, and when it was admitted. */
    private record Used(long nanos, long tokens) {}

    @Test
    void noMinuteHoldsMoreThanTheLimitAndNearlyAllOfItIsUsed() {
        for (int seed = 1; seed <= 3; seed++) {
            log.clear();
            run(seed);
            assertThat(fullest(60 * SECOND + Meter.TRANSIT_NANOS))
                    .as("most that may arrive in any 60 s, seed %d", seed)
                    .isBetween(LIMIT * 98 / 100, LIMIT);
            assertThat(emptiest(62 * SECOND + Meter.TRANSIT_NANOS))
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
        log.sort((a, b) -> Long.compare(a.nanos, b.nanos));
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
            asked = random.nextInt(1, 300);
            Reservation next = books.open("d", "caller");
            if (books.reserve(next, 1, PROMPT + asked, 0) == null) {
                open = next;
                admitted = now;
                until = now + random.nextLong(SECOND / 2);
            } else {
                until = now + SECOND / 100;
            }
        }

        /** One in five is cut by its caller, when some of the answer has passed. */
        void leave() {
            if (open != null) {
                long used = PROMPT + (random.nextInt(5) == 0 ? random.nextLong(asked) : asked);
                books.ledger.settle(open, 1, used, 0);
                log.add(new Used(admitted, used));
                open = null;
            }
        }
    }

    private long fullest(long window) {
        long most = 0;
        long sum = 0;
        int first = 0;
        for (Used last : log) {
            sum += last.tokens;
            while (log.get(first).nanos <= last.nanos - window) {
                sum -= log.get(first++).tokens;
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    /** Of the windows that begin behind an exchange and end within the ten minutes. */
    private long emptiest(long window) {
        long least = Long.MAX_VALUE;
        long sum = 0;
        int last = 0;
        for (Used first : log) {
            while (last < log.size() && log.get(last).nanos <= first.nanos + window) {
                sum += log.get(last++).tokens;
            }
            sum -= first.tokens;
            if (first.nanos + window < END) {
                least = Math.min(least, sum);
            }
        }
        return least;
    }
}
