package headgate.filters.quota;

import headgate.conf.RateLimitConfig;
import headgate.conf.RateLimitConfig.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one deployment, one caller, or one caller on a deployment has used, and may use.
 *
 * <p>Who has entered it keeps it from being evicted. Shared by all event loops.
 */
final class QuotaAccount {
    /** What came of entering. */
    enum Entry {
        ENTERED,
        FULL,
        EVICTED
    }

    /** Above the number of exchanges in progress stands how many ever began, so that who looks away notices. */
    private static final long ENTRY = (1L << Integer.SIZE) + 1;

    private static final long GONE = -1;

    private final String deployment;
    private final String principal;
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong refusedByOpen = new AtomicLong();
    private final MeterMaker maker;
    private final Slots slots;
    private volatile Terms terms;

    /** What one configuration limits, and the meters that count it. */
    static final class Terms {
        private final RateLimitConfig limits;
        private final long provisioned;
        private final boolean enforced;
        private final String caller;
        private final Meter[] meters;

        private Terms(
                RateLimitConfig limits, long provisioned, boolean enforced, QuotaAccount account, Meter... before) {
            this.limits = limits;
            this.provisioned = provisioned;
            this.enforced = enforced;
            this.caller = account.principal;
            List<Meter> all = new ArrayList<>();
            add(all, before, account, QuotaUnit.REQUESTS, limits.requestsPerMinute());
            add(all, before, account, QuotaUnit.TOKENS, limits.tokensPerMinute());
            add(all, before, account, QuotaUnit.TOKENS_PER_DAY, limits.tokensPerDay());
            add(all, before, account, QuotaUnit.SPEND, limits.spendPerDay());
            add(all, before, account, QuotaUnit.UTILIZATION, provisioned);
            this.meters = all.toArray(Meter[]::new);
        }

        RateLimitConfig limits() {
            return limits;
        }

        boolean enforced() {
            return enforced;
        }

        /** Whose limits they are; empty where they are those of all callers. */
        String caller() {
            return caller;
        }

        Meter[] meters() {
            return meters;
        }

        private boolean same(RateLimitConfig others, long provisionedNow, boolean enforcedNow) {
            return enforced == enforcedNow && provisioned == provisionedNow && limits.equals(others);
        }

        private static void add(List<Meter> all, Meter[] before, QuotaAccount account, QuotaUnit unit, long limit) {
            if (limit > 0) {
                Meter meter = kept(before, account, unit, limit);
                meter.limit(limit);
                all.add(meter);
            }
        }

        private static Meter kept(Meter[] before, QuotaAccount account, QuotaUnit unit, long limit) {
            for (Meter meter : before) {
                if (meter.unit() == unit) {
                    return meter;
                }
            }
            return account.maker.meter(account.deployment, account.principal, unit, limit);
        }
    }

    /**
     * An account in which nothing counts yet.
     *
     * @param deployment empty where all deployments count
     * @param principal empty where all callers count
     * @param provisioned tokens per minute of a provisioned SKU; 0 for another
     */
    QuotaAccount(
            String deployment,
            String principal,
            RateLimitConfig limits,
            long provisioned,
            Mode mode,
            MeterMaker maker) {
        this.deployment = deployment;
        this.principal = principal;
        this.maker = maker;
        this.slots = maker.slots(deployment, principal, this::open);
        this.terms = new Terms(limits, provisioned, mode == Mode.ENFORCE, this);
    }

    String deployment() {
        return deployment;
    }

    String principal() {
        return principal;
    }

    /** The limits in force. */
    Terms terms() {
        return terms;
    }

    /** The same, after it has taken over those of another configuration; what counts stays. */
    Terms terms(RateLimitConfig limits, long provisioned, Mode mode) {
        Terms now = terms;
        if (now.same(limits, provisioned, mode == Mode.ENFORCE)) {
            return now;
        }
        Terms next = new Terms(limits, provisioned, mode == Mode.ENFORCE, this, now.meters);
        terms = next;
        return next;
    }

    /** What one of its meters stands at. */
    QuotaStanding standing(Meter meter, long now) {
        return new QuotaStanding(
                deployment,
                principal,
                meter.unit(),
                meter.limit(),
                meter.used(now),
                meter.reserved(),
                meter.leased(now),
                meter.resetNanos(now),
                meter.refused());
    }

    /** How many exchanges are in progress, against how many there may be. */
    QuotaStanding standingOfOpen(Terms limits, long now) {
        int open = open();
        return new QuotaStanding(
                deployment,
                principal,
                QuotaUnit.CONCURRENT,
                limits.limits.concurrent(),
                open + slots.others(now),
                open,
                Math.max(0, slots.leased(now) - open),
                0,
                refusedByOpen());
    }

    /** How many exchanges are in progress. */
    int open() {
        return Math.max(0, (int) entries.get());
    }

    /** How many were refused, or would have been, because too many were in progress. */
    long refusedByOpen() {
        return refusedByOpen.get();
    }

    /** Somebody was refused, or would have been, because too many were in progress. */
    void refuseByOpen() {
        refusedByOpen.incrementAndGet();
    }

    /** Somebody has entered all the same, and there was no room for that if more are in progress than may be. */
    void refuseIfAbove(Terms limits, long now) {
        if (open() > slots.most(limits.limits.concurrent(), now)) {
            refuseByOpen();
        }
    }

    /** Of the exchanges that may be in progress, those that are this node's to admit. */
    Slots slots() {
        return slots;
    }

    /** Counts an exchange in progress, if there is room for it. */
    Entry tryEnter(Terms limits, long now) {
        int limit = limits.limits.concurrent();
        if (limit == 0) {
            return enter();
        }
        while (true) {
            long was = entries.get();
            if (was == GONE) {
                return Entry.EVICTED;
            }
            if ((int) was >= slots.most(limit, now)) {
                return Entry.FULL;
            }
            if (entries.compareAndSet(was, was + ENTRY)) {
                // Some may have been given back since; then this one was not seen, and does not stay.
                if ((int) was >= slots.most(limit, now)) {
                    leave();
                    return Entry.FULL;
                }
                slots.entered((int) was + 1);
                return Entry.ENTERED;
            }
        }
    }

    /** Counts an exchange in progress, whether there is room for it or not. */
    Entry enter() {
        while (true) {
            long was = entries.get();
            if (was == GONE) {
                return Entry.EVICTED;
            }
            if (entries.compareAndSet(was, was + ENTRY)) {
                slots.entered((int) was + 1);
                return Entry.ENTERED;
            }
        }
    }

    /** An exchange is over. */
    void leave() {
        entries.decrementAndGet();
    }

    /** Closes it for good, if no exchange is in progress and nothing counts. */
    boolean tryEvict(long now) {
        long was = entries.get();
        if ((int) was != 0 || !slots.idle(now)) {
            return false;
        }
        for (Meter meter : terms.meters) {
            if (meter.resetNanos(now) > 0) {
                return false;
            }
        }
        return entries.compareAndSet(was, GONE);
    }
}
