package headgate.filters.quota;

import headgate.filters.redis.RedisLink;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The ledger of all nodes on one Redis: each spends what Redis has lent it, so that most decisions need no round trip and no
 * window is ever overdrawn, on any number of nodes.
 */
public final class RedisQuotaLedger extends MeteredLedger {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration LOAN = Duration.ofSeconds(1);

    private final Lender lender;
    private final boolean open;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "quota");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A ledger that begins with nothing borrowed.
     *
     * @param waitMax how long a decision may wait for Redis
     * @param open whether exchanges pass uncounted while Redis is away; else they are refused
     */
    public RedisQuotaLedger(LongSupplier nanoClock, Duration waitMax, int accountsMax, RedisLink link, boolean open) {
        super(nanoClock, waitMax.toNanos(), accountsMax);
        this.lender = new RedisLender(link);
        this.open = open;
        ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    Meter meter(String deployment, String principal, QuotaUnit unit, long limit) {
        String name = deployment + "/" + principal + "/" + unit.name();
        return new SharedMeter(unit, limit, name, unit.cellNanos(), LOAN.toNanos(), lender, this::now);
    }

    @Override
    boolean passesUncounted() {
        return open;
    }

    /** Stops giving back; what is lent is counted as used until it is over. */
    @Override
    public void close() {
        ticks.shutdownNow();
    }

    private void tick() {
        long now = now();
        eachMeter(meter -> meter.tick(now));
    }
}
