package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.GatewayConfig;
import headgate.filters.Configured;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.api.ProxyError;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * At a steady pace nearly no admission asks Redis, by Redis' own count of what it was asked.
 *
 * <p>{@code -Dheadgate.pace.seconds=20} measures longer.
 */
final class RoundTripShareTest {
    private static final long SECONDS = Long.getLong("headgate.pace.seconds", 3);
    private static final long PACE_NANOS = 1_000_000;
    private static final int OPEN = 10;

    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger waited = new AtomicInteger();

    @Test
    void atAThousandRequestsInASecondAlmostNoneAsks() throws Exception {
        measure("requests and tokens", "tokensPerMinute: 60000000, requestsPerMinute: 600000");
        measure("tokens near the limit", "tokensPerMinute: 6500000, requestsPerMinute: 600000");
        measure(
                "requests, tokens, concurrent",
                "tokensPerMinute: 60000000, requestsPerMinute: 600000, concurrent: 100");
    }

    private void measure(String what, String limits) throws Exception {
        granted.set(0);
        waited.set(0);
        try (RedisServer redis = new RedisServer()) {
            GatewayConfig config = Configured.with(
                    "d: { rateLimit: { " + limits + " }, upstreams: [{ url: \"http://127.0.0.1:1\" }] }",
                    "state: { redis: \"" + redis.url() + "\", deadline: 200ms }");
            RedisLink link = RedisLink.open(Objects.requireNonNull(config.state()));
            await().until(() -> link.status().up());
            try (RedisQuotaLedger ledger =
                    new RedisQuotaLedger(System::nanoTime, Duration.ofSeconds(1), 1000, link, false)) {
                call(config, ledger, Duration.ofSeconds(2));
                long before = redis.calls("evalsha");
                granted.set(0);
                waited.set(0);
                call(config, ledger, Duration.ofSeconds(SECONDS));
                long asked = redis.calls("evalsha") - before;
                double share = 100.0 - 100.0 * asked / granted.get();
                System.out.printf(
                        "%s: %d admissions in %d s, %d round trips, %d waited: %.2f %% without%n",
                        what, granted.get(), SECONDS, asked, waited.get(), share);
                assertThat(share).as(what + ", without a round trip").isGreaterThan(95);
            } finally {
                link.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
            }
        }
        assertThat(refused.get()).isZero();
    }

    /** One every millisecond, of which ten are in progress, for 1 to 200 tokens. */
    private void call(GatewayConfig config, RedisQuotaLedger ledger, Duration time) {
        Deployment deployment = Objects.requireNonNull(new Deployments(config).find("d"));
        Reservation[] open = new Reservation[OPEN];
        Random random = new Random(1);
        long start = System.nanoTime();
        for (int i = 0; i * PACE_NANOS < time.toNanos(); i++) {
            while (System.nanoTime() < start + i * PACE_NANOS) {
                LockSupport.parkNanos(start + i * PACE_NANOS - System.nanoTime());
            }
            Reservation over = open[i % OPEN];
            if (over != null) {
                ledger.settle(over, 1, random.nextInt(1, 200), 0);
            }
            Reservation next = new Reservation(deployment, null, config.principalLimits());
            open[i % OPEN] = next;
            ledger.reserve(next, 1, random.nextInt(1, 200), 0, new Told());
        }
    }

    private final class Told implements QuotaLedger.Decision {
        @Override
        public void granted(Reservation reservation) {
            granted.incrementAndGet();
        }

        @Override
        public void refused(Reservation reservation, ProxyError why) {
            refused.incrementAndGet();
        }

        @Override
        public void hop(Runnable rest) {
            waited.incrementAndGet();
            rest.run();
        }
    }
}
