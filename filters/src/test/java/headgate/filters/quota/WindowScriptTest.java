package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.RedisConfig;
import headgate.filters.Configured;
import headgate.filters.quota.Borrowing.Account;
import headgate.filters.quota.Lender.Demand;
import headgate.filters.quota.Lender.Offer;
import headgate.filters.redis.LuaScript;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts as a real Redis runs them, but by a clock that the test sets: the time is a key's value. */
final class WindowScriptTest {
    private static final int SEQUENCES = 10;
    private static final int STEPS = 120;
    private static final long SECOND = 1_000_000;
    private static final long START = 1_900_000_000 * SECOND;
    private static final String CLOCK = "clock";

    private final RedisServer redis;
    private final RedisConfig config;
    private RedisLink link;
    private RedisLender lender;
    private long micros = START;

    WindowScriptTest() throws Exception {
        redis = new RedisServer();
        config = Objects.requireNonNull(Configured.with(
                        "d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }",
                        "state: { redis: \"" + redis.url() + "\", deadline: 5s }")
                .state());
        link = RedisLink.open(config);
        lender = lender(link);
    }

    @BeforeEach
    void answers() {
        await().until(() -> link.status().up());
    }

    @AfterEach
    void close() throws Exception {
        closeLink();
        redis.close();
    }

    private void closeLink() throws Exception {
        link.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static RedisLender lender(RedisLink link) {
        return new RedisLender(link, clocked("window.lua"), clocked("bucket.lua"));
    }

    @Test
    void itLendsAsAListOfAllBookingsWould() throws Exception {
        for (int seed = 1; seed <= SEQUENCES; seed++) {
            sequence(new Random(seed), "seed " + seed);
            // One that knows of no loss yet.
            closeLink();
            link = RedisLink.open(config);
            lender = lender(link);
            answers();
        }
    }

    private void sequence(Random random, String seed) throws Exception {
        QuotaUnit unit = random.nextBoolean() ? QuotaUnit.TOKENS : QuotaUnit.SPEND;
        Account account = new Account(seed, unit, unit.cellNanos());
        PlainLender plain = new PlainLender(() -> micros);
        long limit = 1 + random.nextLong(1000);
        long length = unit.cellNanos() / 1000;
        String birth = "";
        long cell = 0;
        int lostAt = random.nextInt(STEPS);
        for (int step = 0; step < STEPS; step++) {
            String where = seed + ", step " + step;
            micros += random.nextInt(8) == 0 ? random.nextLong(30 * length) : random.nextLong(length / 2);
            if (step == lostAt) {
                redis.ask("DEL", link.key(seed, "quota"));
                plain.lose();
            }
            Map<Long, Long> corrections = new HashMap<>();
            if (cell > 0 && random.nextBoolean()) {
                long at = cell - random.nextInt(3);
                corrections.put(at, random.nextLong(-plain.booked(at), limit / 9 + 2));
            }
            Demand demand = new Demand(
                    account,
                    limit,
                    random.nextLong(limit + 1),
                    random.nextInt(3) == 0 ? random.nextLong(limit + 1) : 0,
                    1 + random.nextLong(limit / 20 + 1),
                    random.nextInt(3) == 0,
                    random.nextInt(4) == 0 ? "" : birth,
                    0,
                    corrections);
            Offer offer = ask(demand);
            assertThat(offer).as(where).isEqualTo(plain.offer(demand));
            birth = offer.birth();
            cell = offer.cell();
        }
    }

    @Test
    void aBucketLendsBelowItsCapacityAndCreditsNothingThatHasRunOut() throws Exception {
        Offer first = bucket(600, 0, 0);
        assertThat(first.lent()).isEqualTo(600);
        assertThat(bucket(600, 0, 0).lent()).as("at 100 %").isZero();
        micros += 50 * SECOND;
        assertThat(bucket(100, 0, 0).lent()).as("at 17 %").isEqualTo(100);
        assertThat(bucket(0, first.cell(), -600).free())
                .as("only the last 100 were left to give back")
                .isEqualTo(500);
    }

    @Test
    void whoIsRefusedByABucketNeverWaitsLongerThanTwoMinutesAndThenPasses() throws Exception {
        assertThat(ask(bucketDemand(1, 5000, 0, 0)).lent())
                .as("whatever comes below 100 %")
                .isEqualTo(5000);
        Offer refused = bucket(1, 0, 0);
        assertThat(refused.lent()).isZero();
        assertThat(refused.waitNanos()).isBetween(118_000 * SECOND, 120_000 * SECOND);
        micros += refused.waitNanos() / 1000 - 1;
        assertThat(bucket(1, 0, 0).lent()).isZero();
        micros += 2;
        assertThat(bucket(1, 0, 0).lent()).isEqualTo(1);
    }

    private Offer bucket(long wanted, long second, long correction) throws Exception {
        return ask(bucketDemand(wanted, 1, second, correction));
    }

    private static Demand bucketDemand(long wanted, long least, long second, long correction) {
        Account account = new Account("bucket", QuotaUnit.UTILIZATION, QuotaUnit.UTILIZATION.cellNanos());
        Map<Long, Long> corrections = correction == 0 ? Map.of() : Map.of(second, correction);
        return new Demand(account, 600, wanted, 0, least, false, "", 0, corrections);
    }

    private Offer ask(Demand demand) throws Exception {
        redis.ask("SET", CLOCK, Long.toString(micros));
        return lender.ask(demand).inTime().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The same script, but for where it reads the time. */
    private static LuaScript clocked(String name) {
        String text = LuaScript.beside(RedisLender.class, name).text();
        String clocked = text.replace("redis.call('TIME')", "{'0', redis.call('GET', '" + CLOCK + "')}");
        assertThat(clocked).as("reads the time in one place").isNotEqualTo(text).doesNotContain("'TIME'");
        // By a name that Redis does not know, so that it is told the text.
        return new LuaScript(name, clocked, "0".repeat(40));
    }
}
