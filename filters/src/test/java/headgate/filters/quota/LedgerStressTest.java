package headgate.filters.quota;

import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many threads on one limit while time flies: their log is checked, not the ledger's own count. */
class LedgerStressTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 20_000;
    private static final int CALLERS = 40;
    private static final long LIMIT = 200;

    /** What was used, and between which two readings of the clock it was admitted. */
    private record Admitted(String caller, long from, long to, long tokens) {}

    @Test
    void noWindowOfTheLogHoldsMoreThanTheLimit() throws Exception {
        for (int seed = 1; seed <= 3; seed++) {
            Ledgers books = new Ledgers("rateLimit: { tokensPerMinute: " + LIMIT + " }", "");
            List<Admitted> log = run(books, seed);
            assertThat(log).as("seed %d", seed).hasSizeGreaterThan(100);
            assertNoWindowAbove(log, seed);
            books.pass(61 * SECOND + Meter.TRANSIT_NANOS);
            assertThat(books.used("d", "", QuotaUnit.TOKENS))
                    .as("seed %d leaks", seed)
                    .isZero();
            assertThat(books.reserve(books.open("d", "a"), 1, LIMIT, 0))
                    .as("seed %d: all is free", seed)
                    .isNull();
        }
    }

    /** More callers than counts: they come and go, and none is let go of that still counts. */
    @Test
    void noWindowOfACallerWhoseCountComesAndGoesHoldsMoreThanItsLimit() throws Exception {
        for (int seed = 1; seed <= 3; seed++) {
            Ledgers books =
                    new Ledgers("rateLimit: { perPrincipal: { tokensPerMinute: " + LIMIT + " } }", "", CALLERS / 2);
            List<Admitted> log = run(books, seed);
            assertThat(books.ledger.standings()).hasSizeLessThanOrEqualTo(CALLERS / 2);
            assertThat(log.stream().map(Admitted::caller).distinct())
                    .as("seed %d: some made room for others", seed)
                    .hasSizeGreaterThan(CALLERS / 2);
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "c" + caller;
                List<Admitted> own = new ArrayList<>(
                        log.stream().filter(one -> one.caller.equals(name)).toList());
                assertNoWindowAbove(own, seed);
            }
            books.pass(61 * SECOND + Meter.TRANSIT_NANOS);
            assertThat(books.ledger.standings()).as("seed %d leaks", seed).allMatch(at -> at.used() == 0);
        }
    }

    private static List<Admitted> run(Ledgers books, int seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<List<Admitted>>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(1000L * seed + thread);
                work.add(() -> one(books, random));
            }
            List<Admitted> log = new ArrayList<>();
            for (Future<List<Admitted>> part : threads.invokeAll(work)) {
                log.addAll(part.get());
            }
            return log;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Admitted> one(Ledgers books, Random random) {
        List<Admitted> log = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            books.pass(random.nextInt(100) == 0 ? random.nextLong(2 * SECOND) : random.nextLong(SECOND / 1000));
            long tokens = 1 + random.nextLong(20);
            String caller = "c" + (round * CALLERS / ROUNDS + random.nextInt(CALLERS / 2 + 4)) % CALLERS;
            Reservation reservation = books.open("d", caller);
            long from = books.now();
            if (books.reserve(reservation, 1, tokens, 0) == null) {
                long to = books.now();
                long used = random.nextInt(4) == 0 ? 0 : 1 + random.nextLong(tokens);
                books.ledger.settle(reservation, 1, used, 0);
                log.add(new Admitted(caller, from, to, used));
            }
        }
        return log;
    }

    /** For each beginning of a window, all that was surely admitted inside it, or so little later that it may arrive inside. */
    private static void assertNoWindowAbove(List<Admitted> log, int seed) {
        log.sort(Comparator.comparingLong(Admitted::from));
        for (int first = 0; first < log.size(); first++) {
            long end = log.get(first).from + 60 * SECOND + Meter.TRANSIT_NANOS;
            long sum = 0;
            for (int i = first; i < log.size() && log.get(i).from < end; i++) {
                sum += log.get(i).to < end ? log.get(i).tokens : 0;
            }
            assertThat(sum)
                    .as("seed %d, window from %d", seed, log.get(first).from)
                    .isLessThanOrEqualTo(LIMIT);
        }
    }
}
