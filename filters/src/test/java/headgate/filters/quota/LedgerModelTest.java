package headgate.filters.quota;

import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.RateLimitConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Thousands of sequences of reserve, settle and time, against lists of all that happened. */
class LedgerModelTest {
    private static final int SEQUENCES = 2000;
    private static final int STEPS = 120;
    private static final String[] DEPLOYMENTS = {"d", "e"};
    private static final String[] CALLERS = {"a", "b", "c"};

    private record InProgress(
            Reservation reservation, List<PlainLedger> touched, List<List<PlainWindow.Booking>> booked, long tokens) {}

    @Test
    void theLedgerDecidesAndCountsAsListsWould() {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            new Sequence(seed).run();
        }
    }

    private static final class Sequence {
        private final int seed;
        private final Random random;
        private final RateLimitConfig all;
        private final RateLimitConfig perPrincipal;
        private final RateLimitConfig across;
        private final Ledgers books;
        private final Map<String, PlainLedger> plain = new LinkedHashMap<>();
        private final List<InProgress> open = new ArrayList<>();

        Sequence(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.all = limits(2);
            this.perPrincipal = limits(1);
            this.across = limits(2);
            this.books = new Ledgers(
                    "rateLimit: { " + yaml(all) + " perPrincipal: { " + yaml(perPrincipal)
                            + " } }, prices: { input: 1, output: 1 }",
                    "perPrincipal: { " + yaml(across) + " }");
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                String where = "seed " + seed + ", step " + step;
                books.pass(random.nextInt(15) == 0 ? random.nextLong(3600 * SECOND) : random.nextLong(5 * SECOND));
                if (random.nextInt(5) < 3) {
                    reserve(where);
                } else if (!open.isEmpty()) {
                    settle(open.remove(random.nextInt(open.size())));
                }
            }
            while (!open.isEmpty()) {
                settle(open.remove(0));
            }
            for (QuotaStanding standing : books.ledger.standings()) {
                long expected =
                        plain(standing.deployment(), standing.principal()).used(standing.unit(), books.now());
                assertThat(standing.used()).as("seed " + seed + ", " + standing).isEqualTo(expected);
            }
            books.pass(61 * 1440 * SECOND);
            assertThat(books.ledger.standings()).as("seed " + seed + " leaks").allMatch(at -> at.used() == 0);
        }

        private void reserve(String where) {
            String deployment = DEPLOYMENTS[random.nextInt(2)];
            String caller = CALLERS[random.nextInt(3)];
            long tokens = 1 + random.nextLong(30);
            long spend = random.nextLong(20);
            List<PlainLedger> touched = List.of(plain(deployment, ""), plain(deployment, caller), plain("", caller));
            boolean fits = touched.stream().allMatch(account -> account.fits(1, tokens, spend, books.now()));
            Reservation reservation = books.open(deployment, caller);
            assertThat(books.reserve(reservation, 1, tokens, spend) == null)
                    .as(where)
                    .isEqualTo(fits);
            if (fits) {
                List<List<PlainWindow.Booking>> booked = new ArrayList<>();
                touched.forEach(account -> booked.add(account.book(1, tokens, spend, books.now())));
                open.add(new InProgress(reservation, touched, booked, tokens));
            }
        }

        private void settle(InProgress ended) {
            long requests = random.nextInt(4) == 0 ? 0 : 1;
            long tokens = requests == 0 ? 0 : random.nextLong(ended.tokens + 5);
            long spend = requests == 0 ? 0 : random.nextLong(25);
            books.ledger.settle(ended.reservation, requests, tokens, spend);
            for (int i = 0; i < ended.touched.size(); i++) {
                ended.touched.get(i).settle(ended.booked.get(i), requests, tokens, spend, books.now());
            }
        }

        private PlainLedger plain(String deployment, String caller) {
            RateLimitConfig limits = caller.isEmpty() ? all : deployment.isEmpty() ? across : perPrincipal;
            return plain.computeIfAbsent(deployment + "/" + caller, name -> new PlainLedger(limits));
        }

        private RateLimitConfig limits(int share) {
            return new RateLimitConfig(
                    maybe(5 * share), maybe(100 * share), maybe(400 * share), maybe(200 * share), (int)
                            maybe(3 * share));
        }

        private long maybe(int most) {
            return random.nextBoolean() ? 0 : 1 + random.nextLong(most);
        }

        private static String yaml(RateLimitConfig limits) {
            return line("requestsPerMinute", limits.requestsPerMinute())
                    + line("tokensPerMinute", limits.tokensPerMinute())
                    + line("tokensPerDay", limits.tokensPerDay())
                    + line("spendPerDay", limits.spendPerDay())
                    + line("concurrent", limits.concurrent());
        }

        private static String line(String key, long limit) {
            return limit == 0 ? "" : key + ": " + limit + ", ";
        }
    }
}
