package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.RedisConfig;
import headgate.filters.Configured;
import headgate.filters.quota.Borrowing.Account;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several nodes spend one limit on a real Redis; cells are short, so that a window passes in seconds. */
final class SharedMeterTest {
    private static final long CELL = 50_000_000L;
    private static final long WINDOW = 60 * CELL;
    private static final long LIMIT = 60_000;

    private record Admitted(long nanos, long amount) {}

    private final List<RedisLink> links = new ArrayList<>();
    private final AtomicLong asked = new AtomicLong();
    private RedisServer redis;

    SharedMeterTest() throws Exception {
        redis = new RedisServer();
    }

    @BeforeEach
    void answers() {
        await().until(() -> link().status().up());
    }

    @AfterEach
    void close() throws Exception {
        for (RedisLink link : links) {
            link.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
        redis.close();
    }

    @Test
    void noWindowIsOverdrawnHoweverManyNodesSpendAndLittleIsLeft() throws Exception {
        List<List<Admitted>> logs = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        long end = start + 2 * WINDOW;
        for (int node = 0; node < 3; node++) {
            SharedMeter meter = node();
            for (int thread = 0; thread < 2; thread++) {
                List<Admitted> log = new ArrayList<>();
                logs.add(log);
                Random random = new Random(2L * node + thread);
                threads.add(new Thread(() -> spend(meter, random, log, end)));
            }
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        List<Admitted> all = logs.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Admitted::nanos))
                .toList();
        assertThat(most(all)).as("most that any window admitted").isLessThanOrEqualTo(LIMIT);
        long total = all.stream().mapToLong(Admitted::amount).sum();
        double share = total / (LIMIT * 2.0);
        System.out.printf(
                "shared by three nodes: %.1f %% of the limit used, %d admissions, %d round trips%n",
                share * 100, all.size(), asked.get());
        assertThat(share).as("of what the limit allows").isBetween(0.85, 1.51);
    }

    @Test
    void atASteadyPaceNearlyNobodyWaits() throws Exception {
        SharedMeter meter = node();
        long end = System.nanoTime() + WINDOW;
        int admitted = 0;
        int waited = 0;
        while (System.nanoTime() < end) {
            if (meter.tryTake(5, now()) == Meter.NOTHING) {
                waited++;
                take(meter, 5);
            }
            admitted++;
            TimeUnit.MILLISECONDS.sleep(1);
        }
        System.out.printf("steady: %d admissions, %d waited, %d round trips%n", admitted, waited, asked.get());
        assertThat(asked.get()).as("round trips, for %d admissions", admitted).isLessThan(admitted / 2);
        assertThat(waited).isLessThan(admitted / 3);
    }

    @Test
    void whatIsNotUsedIsGivenBack() throws Exception {
        SharedMeter meter = node();
        long mark = take(meter, 1000);
        meter.correct(mark, 1000, 10, now());
        await().untilAsserted(() -> {
            meter.tick(now());
            assertThat(booked()).isEqualTo(10);
        });
        SharedMeter other = node();
        assertThat(take(other, LIMIT - 10)).isNotEqualTo(Meter.NOTHING);
        assertThat(take(other, 1)).as("nothing is left").isEqualTo(Meter.NOTHING);
        assertThat(other.waitNanos(1, now())).as("until it is").isBetween(50 * CELL, 62 * CELL);
    }

    @Test
    void whatWasUsedBeyondTheEstimateIsBooked() throws Exception {
        SharedMeter meter = node();
        long mark = take(meter, 10);
        TimeUnit.NANOSECONDS.sleep(2 * CELL);
        meter.correct(mark, 10, 500, now());
        await().untilAsserted(() -> {
            meter.tick(now());
            assertThat(booked()).isEqualTo(500);
        });
    }

    @Test
    void aRedisThatHasLostEverythingIsToldAgainBeforeItLends() throws Exception {
        SharedMeter meter = node();
        SharedMeter other = node();
        take(meter, 40_000);
        take(other, 10_000);
        redis.ask("FLUSHALL");
        assertThat(take(other, 15_000))
                .as("of this there was no more, and a part is not told yet")
                .isEqualTo(Meter.NOTHING);
        await().until(() -> other.refill(1, now(), () -> {}) == Meter.Refill.AWAY);
        await().untilAsserted(() -> {
            meter.doubt();
            meter.tick(now());
            assertThat(booked()).isEqualTo(50_000);
        });
        SharedMeter young = node();
        assertThat(take(young, 1)).as("another that asks too soon").isEqualTo(Meter.NOTHING);
        await().until(() -> take(young, 1) != Meter.NOTHING);
        assertThat(booked()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void aNodeThatHasBookedNothingItselfNoticesThatWhatOthersHaveIsLost() throws Exception {
        SharedMeter meter = node();
        SharedMeter other = node();
        take(meter, 40_000);
        long mark = take(other, 1);
        other.correct(mark, 1, 0, now());
        await().untilAsserted(() -> {
            meter.tick(now());
            other.tick(now());
            assertThat(booked()).isEqualTo(40_000);
        });
        redis.ask("FLUSHALL");
        assertThat(take(other, 30_000)).as("of this there was no more").isEqualTo(Meter.NOTHING);
    }

    @Test
    void aLimitThatNobodyHasUsedForLongLendsAtOnce() throws Exception {
        SharedMeter meter = node();
        take(meter, 10);
        TimeUnit.NANOSECONDS.sleep(WINDOW + 5 * CELL + Meter.TRANSIT_NANOS);
        assertThat(redis.ask("KEYS", "*quota")).as("what has expired").startsWith("*0");
        assertThat(take(meter, 10)).isNotEqualTo(Meter.NOTHING);
    }

    @Test
    void aRedisThatIsGoneIsSaidToBeAway() throws Exception {
        SharedMeter meter = node();
        take(meter, 10);
        redis.stop();
        await().until(() -> meter.refill(LIMIT / 2, now(), () -> {}) == Meter.Refill.AWAY);
        redis.start();
        await().until(() -> take(meter, 20) != Meter.NOTHING);
    }

    private void spend(SharedMeter meter, Random random, List<Admitted> log, long end) {
        while (System.nanoTime() < end) {
            long amount = random.nextLong(1, 51);
            if (take(meter, amount) != Meter.NOTHING) {
                log.add(new Admitted(System.nanoTime(), amount));
            } else {
                pause();
            }
        }
    }

    /** Takes, asking for more as a ledger does. */
    private static long take(SharedMeter meter, long amount) {
        for (int tries = 0; tries < 5; tries++) {
            long mark = meter.tryTake(amount, now());
            if (mark != Meter.NOTHING) {
                return mark;
            }
            CountDownLatch told = new CountDownLatch(1);
            if (meter.refill(amount, now(), told::countDown) != Meter.Refill.LATER) {
                return Meter.NOTHING;
            }
            try {
                assertThat(told.await(5, TimeUnit.SECONDS))
                        .as("told to try again")
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return Meter.NOTHING;
    }

    private static void pause() {
        try {
            TimeUnit.MICROSECONDS.sleep(300);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The most that any 60 cells, and what ways to the upstream may differ by, have admitted, wherever they begin. */
    private static long most(List<Admitted> all) {
        long most = 0;
        long sum = 0;
        int first = 0;
        for (Admitted last : all) {
            sum += last.amount();
            while (all.get(first).nanos() <= last.nanos() - WINDOW - Meter.TRANSIT_NANOS) {
                sum -= all.get(first++).amount();
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    private long booked() throws Exception {
        long sum = 0;
        for (String value : redis.ask("HVALS", "headgate:{d/}:quota").split("\\s+", -1)) {
            // The birth is among the values, and has more digits than any amount here.
            sum += value.matches("-?[0-9]{1,9}") ? Long.parseLong(value) : 0;
        }
        return sum;
    }

    private SharedMeter node() {
        RedisLender lender = new RedisLender(link());
        Lender counted = new Lender() {
            @Override
            public boolean up(String limit) {
                return lender.up(limit);
            }

            @Override
            public Question ask(Demand demand) {
                asked.incrementAndGet();
                return lender.ask(demand);
            }
        };
        Account account = new Account("d/", QuotaUnit.TOKENS, CELL);
        return new SharedMeter(LIMIT, account, CELL, counted, SharedMeterTest::now, () -> {});
    }

    private static long now() {
        return System.nanoTime();
    }

    private RedisLink link() {
        RedisConfig config = Objects.requireNonNull(Configured.with(
                        "d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }",
                        "state: { redis: \"" + redis.url() + "\", deadline: 200ms }")
                .state());
        RedisLink link = RedisLink.open(config);
        links.add(link);
        await().atMost(Duration.ofSeconds(5)).until(() -> link.status().up());
        return link;
    }
}
