package headgate.filters.quota;

import headgate.filters.quota.Meter.Refill;
import headgate.filters.quota.SlotLender.SlotDemand;
import headgate.filters.quota.SlotLender.SlotOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Slots of a limit that all nodes share, of which this one borrows a few at a time.
 *
 * <p>They are this node's for the time of a lease, and renewed well before; what the last second did not need is given back.
 * Without a lease nothing new begins, so what all nodes admit never exceeds the limit. What is in progress then goes on, and
 * counts again as soon as it can be told.
 */
final class SharedSlots implements Slots {
    private static final long MS_NANOS = 1_000_000;
    /** How often is looked at what is needed. */
    private static final long LOOK_NANOS = 1000 * MS_NANOS;
    /** A lease that lasts no longer than this is renewed: there are some tries left. */
    private static final long RENEW_NANOS = SlotLender.LEASE_NANOS - 2000 * MS_NANOS;
    /** How long a refusal holds without asking again; others may give back meanwhile. */
    private static final long REFUSAL_NANOS = 100 * MS_NANOS;
    /** This part of the limit is asked for beyond what is needed, up to a few. */
    private static final int SPARE_PART = 16;

    private static final int SPARE_MAX = 16;

    /** What is borrowed until when, and what was said about more. */
    private record Held(int most, long untilNanos, int others, long refusedUntilNanos, long youngUntilNanos) {
        static final Held NOTHING = new Held(0, Long.MIN_VALUE, 0, Long.MIN_VALUE, Long.MIN_VALUE);

        Held lowered(int to) {
            return new Held(to, untilNanos, others, refusedUntilNanos, youngUntilNanos);
        }
    }

    private final String name;
    private final SlotLender lender;
    private final IntSupplier open;
    private final LongSupplier clock;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final List<Runnable> waiters = new ArrayList<>();

    /** Written by whoever asks. */
    private volatile Held held = Held.NOTHING;

    private volatile int limit;
    /** The most that were in progress since it was last looked. */
    private volatile int peak;

    private volatile boolean doubted;
    private long lookedNanos;

    /**
     * Slots of which none is borrowed yet.
     *
     * @param name the limit's, the same on all nodes
     * @param open how many exchanges are in progress
     * @param clock the ledger's
     */
    SharedSlots(String name, SlotLender lender, IntSupplier open, LongSupplier clock) {
        this.name = name;
        this.lender = lender;
        this.open = open;
        this.clock = clock;
    }

    @Override
    public int most(int most, long now) {
        if (limit != most) {
            limit = most;
        }
        return Math.min(most, leased(now));
    }

    @Override
    public Refill refill(int most, long now, Runnable then) {
        Held has = held;
        if (now < has.refusedUntilNanos) {
            return Refill.NONE_LEFT;
        }
        if (!lender.up(name) || now < has.youngUntilNanos) {
            return Refill.AWAY;
        }
        int waiting;
        synchronized (waiters) {
            waiters.add(then);
            waiting = waiters.size();
        }
        ask(open.getAsInt() + waiting + Math.min(SPARE_MAX, most / SPARE_PART));
        return Refill.LATER;
    }

    @Override
    public void entered(int now) {
        if (now > peak) {
            peak = now;
        }
    }

    @Override
    public int others(long now) {
        return held.others;
    }

    @Override
    public int leased(long now) {
        Held has = held;
        return now < has.untilNanos ? has.most : 0;
    }

    @Override
    public boolean idle(long now) {
        return !asking.get() && leased(now) == 0;
    }

    @Override
    public boolean tick(long now) {
        if (!doubted && now - lookedNanos < LOOK_NANOS) {
            return false;
        }
        lookedNanos = now;
        int needed = Math.max(peak, open.getAsInt());
        peak = open.getAsInt();
        Held has = held;
        boolean lent = has.most > 0 || needed > 0;
        boolean news = Math.min(needed, limit) < has.most || doubted || has.untilNanos - now < RENEW_NANOS;
        return limit > 0 && lent && news && lender.up(name) && ask(needed);
    }

    @Override
    public void leave() {
        if (limit > 0 && held.most > 0 && lender.up(name)) {
            ask(open.getAsInt());
        }
    }

    @Override
    public void doubt() {
        doubted = true;
    }

    /** Asks, unless an answer is on its way; who waits is told by that one, and asks again. */
    private boolean ask(int needed) {
        if (!asking.compareAndSet(false, true)) {
            return false;
        }
        doubted = false;
        long sent = clock.getAsLong();
        int has = Math.min(limit, leased(sent));
        if (needed < has) {
            // Before what is in progress is read: whoever comes between sees this, or is counted.
            held = held.lowered(needed);
            has = needed;
        }
        int inProgress = open.getAsInt();
        int wanted = Math.min(limit, Math.max(needed, inProgress));
        asked(new SlotDemand(name, limit, wanted, inProgress, has)).whenComplete((offer, failure) -> {
            if (offer == null) {
                doubted = true;
            } else {
                held = held(offer, wanted, sent);
            }
            answered();
        });
        return true;
    }

    private CompletionStage<SlotOffer> asked(SlotDemand demand) {
        try {
            return lender.ask(demand);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A lease ends here before it ends there, since it began when it was asked for. */
    private Held held(SlotOffer offer, int wanted, long sent) {
        long now = clock.getAsLong();
        boolean young = offer.youngNanos() > 0;
        boolean refused = offer.lent() < wanted && !young;
        return new Held(
                offer.lent(),
                sent + SlotLender.LEASE_NANOS,
                offer.others(),
                refused ? now + REFUSAL_NANOS : Long.MIN_VALUE,
                young ? now + offer.youngNanos() : Long.MIN_VALUE);
    }

    /** Whoever comes to wait after the list was taken must be able to ask, so asking ends before. */
    private void answered() {
        asking.set(false);
        List<Runnable> told;
        synchronized (waiters) {
            told = List.copyOf(waiters);
            waiters.clear();
        }
        told.forEach(Runnable::run);
    }
}
