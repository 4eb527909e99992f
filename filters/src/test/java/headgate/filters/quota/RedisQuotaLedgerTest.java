package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.GatewayConfig;
import headgate.filters.Configured;
import headgate.filters.Deployments;
import headgate.filters.api.ProxyError;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import headgate.testing.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ledgers of several nodes on a real Redis, which can be far away. */
final class RedisQuotaLedgerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final RedisServer redis;
    private final TcpRelay relay;

    RedisQuotaLedgerTest() throws Exception {
        redis = new RedisServer();
        relay = new TcpRelay(redis.port());
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        loop.shutdownNow();
        relay.close();
        redis.close();
    }

    @Test
    void manyLimitsThatNothingIsBorrowedOfAreAskedAboutAtOnce() throws Exception {
        String four = "requestsPerMinute: 1000, tokensPerMinute: 100000, tokensPerDay: 1000000, spendPerDay: 1000000";
        String limits = four + ", concurrent: 100";
        Node warm = new Node("deadline: 2s", "rateLimit: { requestsPerMinute: 1000, concurrent: 100 }", "");
        assertThat(warm.reserve(warm.reservation(), 1))
                .as("Redis knows the scripts")
                .isNull();
        Node node = new Node(
                "deadline: 2s",
                "rateLimit: { " + limits + ", perPrincipal: { " + limits + " } }",
                "rateLimits: { perPrincipal: { " + limits + " } }");
        relay.delay(150);
        Reservation reservation = node.reservation();
        assertThat(node.reserve(reservation, 10))
                .as("fifteen limits, of which one after the other would take longer than anybody waits")
                .isNull();
        node.ledger.settle(reservation, 1, 10, 1);
    }

    @Test
    void inShadowModeWhatRedisWouldHaveRefusedIsCounted() throws Exception {
        String limits = "rateLimit: { requestsPerMinute: 10, mode: shadow }";
        Node first = new Node("deadline: 2s", limits, "");
        Node second = new Node("deadline: 2s", limits, "");
        for (int i = 0; i < 12; i++) {
            assertThat(first.reserve(first.reservation(), 1)).isNull();
        }
        await().atMost(PATIENCE).until(() -> first.standing().refused() >= 2);
        await().atMost(PATIENCE).until(() -> first.standing().used() == 10);
        assertThat(second.reserve(second.reservation(), 1)).isNull();
        await().atMost(PATIENCE).until(() -> second.standing().refused() == 1);
    }

    @Test
    void whatWasBorrowedAndNotUsedIsGivenBackWhenANodeEnds() throws Exception {
        Node node = new Node("deadline: 2s", "rateLimit: { tokensPerDay: 1000 }", "");
        Reservation reservation = node.reservation();
        assertThat(node.reserve(reservation, 900)).isNull();
        node.ledger.settle(reservation, 1, 10, 0);
        node.ledger.close();
        Node next = new Node("deadline: 2s", "rateLimit: { tokensPerDay: 1000 }", "");
        await().atMost(PATIENCE).until(() -> next.reserve(next.reservation(), 990) == null);
        assertThat(next.reserve(next.reservation(), 1)).isNotNull();
    }

    @Test
    void whatPassesBeforeRedisHasEverAnsweredIsCountedWhenItDoes() throws Exception {
        redis.stop();
        Node node = new Node("deadline: 100ms", "rateLimit: { tokensPerDay: 1000 }", "rateLimits: { outage: open }");
        for (int i = 0; i < 3; i++) {
            Reservation reservation = node.reservation();
            assertThat(node.reserve(reservation, 300)).isNull();
            node.ledger.settle(reservation, 1, 200, 0);
        }
        redis.start();
        await().atMost(PATIENCE).until(() -> node.standing().used() == 600);
    }

    @Test
    void nobodyWaitsForAnAnswerForLongerThanItsDeadline() throws Exception {
        for (String outage : new String[] {"", "rateLimits: { outage: open }"}) {
            Node node = new Node("deadline: 10s", Duration.ofMillis(100), "rateLimit: { tokensPerDay: 1000 }", outage);
            redis.freeze();
            ProxyError why = node.reserve(node.reservation(), 900);
            assertThat(node.link.status().error())
                    .as("the question itself has not failed yet")
                    .isNull();
            redis.thaw();
            assertThat(why == null).isEqualTo(!outage.isEmpty());
            assertThat(why == null ? 503 : why.status()).isEqualTo(503);
            await("what comes of the question is used by the next")
                    .atMost(PATIENCE)
                    .until(() -> node.reserve(node.reservation(), 1) == null);
        }
    }

    private final class Node {
        final RedisLink link;
        final RedisQuotaLedger ledger;
        private final GatewayConfig config;
        private final Deployments deployments;

        Node(String state, String deployment, String more) throws Exception {
            this(state, null, deployment, more);
        }

        Node(String state, @Nullable Duration waitMax, String deployment, String more) throws Exception {
            config = Configured.with(
                    "d: { upstreams: [{ url: \"http://127.0.0.1:1\" }], prices: { input: 1, output: 1 }, " + deployment
                            + " }\n",
                    "state: { redis: \"redis://127.0.0.1:" + relay.port() + "\", " + state + " }\n" + more);
            deployments = new Deployments(config);
            link = RedisLink.open(Objects.requireNonNull(config.state()));
            open.add(() -> link.close().toCompletableFuture().get(5, TimeUnit.SECONDS));
            await().atMost(PATIENCE)
                    .until(() -> link.status().up() || link.status().error() != null);
            boolean passes = more.contains("open");
            Duration wait = Objects.requireNonNullElse(
                    waitMax, Objects.requireNonNull(config.state()).deadline());
            ledger = new RedisQuotaLedger(System::nanoTime, wait, 1000, link, passes);
            open.add(ledger);
        }

        Reservation reservation() {
            return new Reservation(Objects.requireNonNull(deployments.find("d")), "caller", config.principalLimits());
        }

        /** Asks as an event loop does; null when there is room. */
        @Nullable
        ProxyError reserve(Reservation reservation, long tokens) throws Exception {
            Told told = new Told();
            loop.execute(() -> ledger.reserve(reservation, 1, tokens, 1, told));
            List<ProxyError> why = told.done.get(20, TimeUnit.SECONDS);
            return why.isEmpty() ? null : why.get(0);
        }

        QuotaStanding standing() {
            return ledger.standings().get(0);
        }
    }

    private final class Told implements QuotaLedger.Decision {
        final CompletableFuture<List<ProxyError>> done = new CompletableFuture<>();

        @Override
        public void granted(Reservation reservation) {
            done.complete(List.of());
        }

        @Override
        public void refused(Reservation reservation, ProxyError why) {
            done.complete(List.of(why));
        }

        @Override
        public void hop(Runnable rest) {
            loop.execute(rest);
        }
    }
}
