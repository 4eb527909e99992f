package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.DeploymentConfig;
import headgate.conf.RateLimitConfig;
import headgate.conf.RateLimitConfig.Mode;
import headgate.conf.RedisConfig;
import headgate.filters.Configured;
import headgate.filters.quota.Meter.Refill;
import headgate.filters.quota.QuotaAccount.Entry;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several nodes let exchanges begin by the slots of one limit on a real Redis. */
final class SharedSlotsTest {
    private static final int LIMIT = 10;
    private static final Duration LEASE_AND_MORE = Duration.ofNanos(2 * SlotLender.LEASE_NANOS);

    private final List<RedisLink> links = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final RedisServer redis;

    SharedSlotsTest() throws Exception {
        redis = new RedisServer();
    }

    @AfterEach
    void close() throws Exception {
        for (RedisLink link : links) {
            link.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
        redis.close();
    }

    @Test
    void noMoreBeginThanTheLimitHoweverManyNodesThereAre() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        for (int i = 0; i < 3; i++) {
            QuotaAccount node = node();
            Random random = new Random(i);
            threads.add(new Thread(() -> {
                while (System.nanoTime() < end) {
                    node.slots().tick(now());
                    int count = 0;
                    for (int want = random.nextInt(8); want > 0 && enter(node); want--) {
                        most.accumulateAndGet(open.incrementAndGet(), Math::max);
                        entered.incrementAndGet();
                        count++;
                    }
                    pause(random.nextInt(5));
                    for (; count > 0; count--) {
                        open.decrementAndGet();
                        node.leave();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("slots of three nodes: at most %d of %d, %d began%n", most.get(), LIMIT, entered.get());
        assertThat(most.get()).as("in progress at once").isBetween(LIMIT - 2, LIMIT);
    }

    @Test
    void whoHasBorrowedEnoughAsksNoMore() throws Exception {
        QuotaAccount node = node();
        for (int i = 0; i < 1000; i++) {
            assertThat(enter(node)).isTrue();
            node.leave();
        }
        assertThat(asked.get()).as("round trips").isLessThanOrEqualTo(3);
    }

    @Test
    void whatOneNodeDoesNotNeedAnotherGets() throws Exception {
        QuotaAccount first = node();
        QuotaAccount second = node();
        enterAll(first, LIMIT);
        assertThat(enter(first)).as("one above the limit").isFalse();
        assertThat(enter(second)).as("one above the limit, elsewhere").isFalse();
        for (int i = 0; i < LIMIT - 1; i++) {
            first.leave();
        }
        assertThat(first.slots().leased(now())).as("until it is given back").isEqualTo(LIMIT);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            first.slots().tick(now());
            assertThat(enter(second)).isTrue();
        });
        await().until(() -> second.open() == LIMIT - 1 || !enter(second));
        assertThat(first.open() + second.open()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void theSlotsOfANodeThatDiedComeBackWhenItsLeaseIsOver() throws Exception {
        enterAll(node(), LIMIT);
        QuotaAccount second = node();
        assertThat(enter(second)).isFalse();
        await().atMost(LEASE_AND_MORE).until(() -> enter(second));
    }

    @Test
    void aNodeThatCannotRenewLetsNobodyBeginAndCountsAgainWhenItCan() throws Exception {
        QuotaAccount node = node();
        enterAll(node, LIMIT / 2);
        redis.freeze();
        await().atMost(LEASE_AND_MORE)
                .until(() -> node.slots().most(LIMIT, now()) == 0
                        && node.slots().refill(LIMIT, now(), () -> {}) == Refill.AWAY);
        assertThat(node.tryEnter(node.terms(), now())).isEqualTo(Entry.FULL);
        redis.thaw();
        QuotaAccount other = node();
        await().atMost(LEASE_AND_MORE).untilAsserted(() -> {
            node.slots().doubt();
            node.slots().tick(now());
            assertThat(node.slots().most(LIMIT, now())).isEqualTo(LIMIT / 2);
        });
        await().atMost(LEASE_AND_MORE).until(() -> !enter(other) && other.open() > 0);
        assertThat(other.open()).as("beside what went on meanwhile").isEqualTo(LIMIT / 2);
    }

    @Test
    void aRedisThatHasLostEverythingLendsNoMoreUntilAllHaveTold() throws Exception {
        QuotaAccount first = node();
        QuotaAccount second = node();
        enterAll(first, LIMIT / 2);
        enterAll(second, LIMIT / 2);
        redis.ask("FLUSHALL");
        assertThat(enter(second)).as("of what the other has not told yet").isFalse();
        first.slots().doubt();
        await().until(() -> first.slots().tick(now()));
        assertThat(redis.ask("HLEN", "headgate:{d/}:slots")).isEqualTo(":3\r\n");
        TimeUnit.MILLISECONDS.sleep(RedisLender.GRACE.toMillis() * 2);
        assertThat(enter(second)).as("all is used").isFalse();
    }

    private void enterAll(QuotaAccount node, int count) {
        for (int i = 0; i < count; i++) {
            await().until(() -> enter(node));
        }
    }

    /** Enters, asking for more slots as an entrance does. */
    private static boolean enter(QuotaAccount node) {
        for (int tries = 0; tries < 5; tries++) {
            if (node.tryEnter(node.terms(), now()) == Entry.ENTERED) {
                return true;
            }
            CountDownLatch told = new CountDownLatch(1);
            if (node.slots().refill(LIMIT, now(), told::countDown) != Refill.LATER) {
                return false;
            }
            try {
                assertThat(told.await(5, TimeUnit.SECONDS))
                        .as("told to try again")
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return false;
    }

    private static void pause(int ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private QuotaAccount node() {
        RedisSlotLender lender = new RedisSlotLender(link(), "node" + links.size());
        SlotLender counted = new SlotLender() {
            @Override
            public boolean up(String limit) {
                return lender.up(limit);
            }

            @Override
            public java.util.concurrent.CompletionStage<SlotOffer> ask(SlotDemand demand) {
                asked.incrementAndGet();
                return lender.ask(demand);
            }
        };
        MeterMaker maker = new MeterMaker() {
            @Override
            public Meter meter(String deployment, String principal, QuotaUnit unit, long limit) {
                throw new AssertionError("nothing but slots is limited here");
            }

            @Override
            public Slots slots(String deployment, String principal, IntSupplier open) {
                return new SharedSlots("d/", counted, open, SharedSlotsTest::now);
            }
        };
        DeploymentConfig config = Configured.with(
                        "d: { rateLimit: { concurrent: " + LIMIT + " }, upstreams: [{ url: \"http://127.0.0.1:1\" }] }")
                .deployments()
                .get("d");
        RateLimitConfig limits = Objects.requireNonNull(config).quota().all();
        return new QuotaAccount("d", "", limits, 0, Mode.ENFORCE, maker);
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
