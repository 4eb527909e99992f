package headgate.filters.quota;

import headgate.filters.quota.Borrowing.Account;
import headgate.filters.redis.RedisLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The ledger of all nodes on one Redis: each spends what Redis has lent it, so that most decisions need no round trip and no
 * window is ever overdrawn, on any number of nodes.
 */
public final class RedisQuotaLedger extends MeteredLedger {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration LOAN = Duration.ofSeconds(1);

    /** So many are asked about at once that nobody else has to wait behind them. */
    private static final int ASKED_MAX = 32;

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Lender lender;
    private final boolean open;
    private final ScheduledExecutorService ticks = new ScheduledThreadPoolExecutor(
            1,
            task -> {
                Thread thread = new Thread(task, "quota");
                thread.setDaemon(true);
                return thread;
            },
            // Who comes after the end wants nothing that could still be done.
            new ThreadPoolExecutor.DiscardPolicy());

    /** Whose turn it is to look whether Redis still knows what it was told. */
    private int sentry;

    private volatile long doubtedNanos = -TICK.toNanos();

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
        link.whenBack(this::doubt);
        ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    Meter meter(String deployment, String principal, QuotaUnit unit, long limit) {
        String name = deployment + "/" + principal + "/" + unit.name();
        Account account = new Account(name, unit, unit.cellNanos());
        return new SharedMeter(limit, account, LOAN.toNanos(), lender, this::now, this::doubt);
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

    /** Redis may have lost all: every meter that counts something tells it, whether anybody calls or not. */
    private void doubt() {
        long now = now();
        if (now - doubtedNanos >= TICK.toNanos()) {
            doubtedNanos = now;
            ticks.execute(() -> {
                eachMeter(Meter::doubt);
                tick();
            });
        }
    }

    private void tick() {
        List<Meter> meters = new ArrayList<>();
        eachMeter(meters::add);
        int asked = 0;
        for (Meter meter : meters) {
            if (meter.tick(now()) && ++asked % ASKED_MAX == 0) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        // Where nobody calls, one looks all the same, so that a loss is known soon.
        for (int i = 0; asked == 0 && i < meters.size(); i++) {
            Meter meter = meters.get(Math.floorMod(sentry++, meters.size()));
            meter.doubt();
            asked += meter.tick(now()) ? 1 : 0;
        }
    }
}
