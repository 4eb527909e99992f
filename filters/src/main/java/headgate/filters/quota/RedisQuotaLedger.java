package headgate.filters.quota;

import headgate.filters.quota.Borrowing.Account;
import headgate.filters.redis.RedisLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of all nodes on one Redis: each spends what Redis has lent it, so that most decisions need no round trip and no
 * window is ever overdrawn, on any number of nodes.
 */
public final class RedisQuotaLedger extends MeteredLedger {
    private static final Logger LOG = LoggerFactory.getLogger(RedisQuotaLedger.class);

    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration LOAN = Duration.ofSeconds(1);

    /** So many are asked about at once that nobody else has to wait behind them. */
    private static final int ASKED_MAX = 32;

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final RedisLender lender;
    private final SlotLender slotLender;
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
        super(nanoClock, waitMax.toNanos(), accountsMax, open);
        this.lender = new RedisLender(link);
        this.slotLender = new RedisSlotLender(link, UUID.randomUUID().toString());
        link.whenBack(this::doubt);
        ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Meter meter(String deployment, String principal, QuotaUnit unit, long limit) {
        String name = deployment + "/" + principal + "/" + unit.name();
        Account account = new Account(name, unit, unit.cellNanos());
        return new SharedMeter(limit, account, LOAN.toNanos(), lender, this::now, this::doubt);
    }

    @Override
    public Slots slots(String deployment, String principal, IntSupplier openHere) {
        String name = deployment + "/" + principal + "/" + QuotaUnit.CONCURRENT.name();
        return new SharedSlots(name, slotLender, openHere, this::now);
    }

    /** Gives back what is left, where Redis can be asked now; nobody waits for its answers. */
    @Override
    public void close() {
        ticks.shutdownNow();
        eachBorrowed(Borrowed::leave);
    }

    /** Redis may have lost all: whatever counts something tells it, whether anybody calls or not. */
    private void doubt() {
        long now = now();
        if (now - doubtedNanos >= TICK.toNanos()) {
            doubtedNanos = now;
            ticks.execute(() -> {
                eachBorrowed(Borrowed::doubt);
                tick();
            });
        }
    }

    /** What fails once is tried again. */
    private void tick() {
        try {
            tickAll();
        } catch (RuntimeException e) {
            LOG.warn("What is borrowed of rate limits is looked at later, since this failed", e);
        }
    }

    private void tickAll() {
        List<Borrowed> all = new ArrayList<>();
        eachBorrowed(all::add);
        int asked = 0;
        for (Borrowed each : all) {
            if (each.tick(now()) && ++asked % ASKED_MAX == 0) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        // Where no answer has just shown that Redis knows what it was told, one looks, so that a loss is known soon.
        boolean looked = lender.knownWithin(TICK);
        for (int i = 0; !looked && i < all.size(); i++) {
            Borrowed one = all.get(Math.floorMod(sentry++, all.size()));
            one.doubt();
            looked = one.tick(now());
        }
    }
}
