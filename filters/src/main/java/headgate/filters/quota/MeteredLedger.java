package headgate.filters.quota;

import headgate.conf.QuotaConfig;
import headgate.conf.RateLimitConfig;
import headgate.conf.RateLimitConfig.Mode;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.quota.Meter.Refill;
import headgate.filters.quota.QuotaAccount.Entry;
import headgate.filters.quota.QuotaAccount.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The books of a ledger, whatever its meters count with: every limit of an exchange is taken from, or none.
 *
 * <p>Shared by all event loops. Nothing locks where an account is known already.
 */
abstract sealed class MeteredLedger implements QuotaLedger permits LocalQuotaLedger, RedisQuotaLedger {
    private static final String ALL = "";

    private final LongSupplier nanoClock;
    private final long startNanos;
    private final long waitNanosMax;
    private final QuotaAccounts accounts;

    /**
     * An empty ledger.
     *
     * @param nanoClock such as {@link System#nanoTime}
     * @param waitNanosMax how long a decision may take where a meter has to ask
     * @param accountsMax how many accounts are kept at once
     */
    MeteredLedger(LongSupplier nanoClock, long waitNanosMax, int accountsMax) {
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.waitNanosMax = waitNanosMax;
        this.accounts = new QuotaAccounts(accountsMax, this::meter);
    }

    /** A meter of a limit that was not counted yet. */
    abstract Meter meter(String deployment, String principal, QuotaUnit unit, long limit);

    /** Whether an exchange passes uncounted while nobody answers who keeps the count. */
    abstract boolean passesUncounted();

    @Override
    public void reserve(Reservation reservation, long requests, long tokens, long microUnits, Decision decision) {
        long now = now();
        boolean first = !reservation.open();
        ProxyError full = first ? enter(reservation, now) : null;
        if (full != null) {
            reservation.leave();
            decision.refused(reservation, full);
        } else {
            new Demand(reservation, requests, tokens, microUnits, first, now + waitNanosMax, decision).decide(now);
        }
    }

    /** What is asked for, until it is decided. */
    private final class Demand {
        private final Reservation reservation;
        private final long requests;
        private final long tokens;
        private final long microUnits;
        private final boolean first;
        private final long untilNanos;
        private final Decision decision;

        Demand(
                Reservation reservation,
                long requests,
                long tokens,
                long microUnits,
                boolean first,
                long untilNanos,
                Decision decision) {
            this.reservation = reservation;
            this.requests = requests;
            this.tokens = tokens;
            this.microUnits = microUnits;
            this.first = first;
            this.untilNanos = untilNanos;
            this.decision = decision;
        }

        void decide(long now) {
            Refill refill = tryTake(now);
            if (refill == null) {
                book();
                decision.granted(reservation);
            } else if (refill != Refill.LATER) {
                if (first) {
                    reservation.leave();
                }
                decision.refused(
                        reservation,
                        refill == Refill.AWAY
                                ? Refusal.unknown()
                                : Refusal.of(reservation, requests, tokens, microUnits, now));
            }
        }

        /** Takes from all meters, or from none: then it returns what can be done. */
        private @Nullable Refill tryTake(long now) {
            int i = 0;
            for (int a = 0; a < reservation.count; a++) {
                Terms terms = reservation.terms[a];
                for (Meter meter : terms.meters()) {
                    long amount = meter.unit().of(requests, tokens, microUnits);
                    if (amount > 0) {
                        long mark = meter.tryTake(amount, now);
                        Refill refill = mark == Meter.NOTHING ? refill(meter, amount, terms.enforced(), now) : null;
                        if (refill != null) {
                            giveBack(i);
                            return refill;
                        }
                        reservation.taken[i] = mark == Meter.NOTHING ? meter.take(amount, now) : mark;
                    }
                    i++;
                }
            }
            return null;
        }

        /** What is to be done where nothing is left to be taken; null when it passes all the same. */
        private @Nullable Refill refill(Meter meter, long amount, boolean enforced, long now) {
            if (!enforced) {
                if (meter.refill(amount, now, () -> {}) == Refill.NONE_LEFT) {
                    meter.refuse();
                }
                return null;
            }
            if (meter.neverFits(amount)) {
                meter.refuse();
                return Refill.NONE_LEFT;
            }
            Refill refill =
                    now < untilNanos ? meter.refill(amount, now, () -> decision.hop(() -> decide(now()))) : Refill.AWAY;
            if (refill == Refill.AWAY && passesUncounted()) {
                return null;
            }
            if (refill == Refill.NONE_LEFT) {
                meter.refuse();
            }
            return refill;
        }

        /** Gives back what was taken before this meter. */
        private void giveBack(int before) {
            int i = 0;
            for (int a = 0; i < before; a++) {
                for (Meter meter : reservation.terms[a].meters()) {
                    long amount = meter.unit().of(requests, tokens, microUnits);
                    if (i < before && amount > 0) {
                        meter.giveBack(reservation.taken[i], amount);
                    }
                    i++;
                }
            }
        }

        /** Books what was taken, by a clock that is read after it was. */
        private void book() {
            long now = now();
            int i = 0;
            for (int a = 0; a < reservation.count; a++) {
                for (Meter meter : reservation.terms[a].meters()) {
                    long amount = meter.unit().of(requests, tokens, microUnits);
                    if (amount > 0) {
                        reservation.marks[i] = meter.book(reservation.taken[i], amount, now);
                        reservation.booked[i] += amount;
                    }
                    i++;
                }
            }
        }
    }

    @Override
    public void settle(Reservation reservation, long requests, long tokens, long microUnits) {
        if (!reservation.open()) {
            return;
        }
        long now = now();
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                long real = meter.unit().of(requests, tokens, microUnits);
                meter.correct(reservation.marks[i], reservation.booked[i], real, now);
                i++;
            }
        }
        reservation.leave();
    }

    @Override
    public List<AnswerHead.Field> fields(Reservation reservation) {
        return RateLimitFields.of(reservation, now());
    }

    @Override
    public List<QuotaStanding> standings() {
        long now = now();
        List<QuotaStanding> standings = new ArrayList<>();
        for (QuotaAccount account : accounts.all()) {
            Terms terms = account.terms();
            String deployment = account.deployment();
            String principal = account.principal();
            for (Meter meter : terms.meters()) {
                long used = meter.used(now);
                long free = meter.resetNanos(now);
                standings.add(new QuotaStanding(
                        deployment, principal, meter.unit(), meter.limit(), used, free, meter.refused()));
            }
            if (terms.limits().concurrent() > 0) {
                int most = terms.limits().concurrent();
                long refused = account.refusedByOpen();
                standings.add(new QuotaStanding(
                        deployment, principal, QuotaUnit.CONCURRENT, most, account.open(), 0, refused));
            }
        }
        return standings;
    }

    /** Counts the exchange as open in every account that limits it; what it has entered is left by the caller. */
    private @Nullable ProxyError enter(Reservation reservation, long now) {
        QuotaConfig quota = reservation.deployment.config().quota();
        String name = reservation.deployment.name();
        String principal = reservation.principal;
        ProxyError full =
                enter(reservation, name, ALL, quota.all(), quota.provisionedTokensPerMinute(), quota.mode(), now);
        if (full == null && principal != null) {
            full = enter(reservation, name, principal, quota.perPrincipal(), 0, quota.mode(), now);
        }
        if (full == null && principal != null) {
            RateLimitConfig limits = reservation.principalLimits.of(principal);
            full = enter(reservation, ALL, principal, limits, 0, reservation.principalLimits.mode(), now);
        }
        reservation.ready();
        return full;
    }

    private @Nullable ProxyError enter(
            Reservation reservation,
            String deployment,
            String principal,
            RateLimitConfig limits,
            long provisioned,
            Mode mode,
            long now) {
        if (provisioned == 0 && limits.equals(RateLimitConfig.NONE)) {
            return null;
        }
        while (true) {
            QuotaAccount account = accounts.find(deployment, principal);
            if (account == null) {
                account = accounts.tryOpen(deployment, principal, limits, provisioned, mode, now);
            }
            if (account == null) {
                return mode == Mode.SHADOW ? null : Refusal.noAccount();
            }
            Terms terms = account.terms(limits, provisioned, mode);
            Entry entry = account.tryEnter(terms);
            if (entry == Entry.ENTERED) {
                reservation.enter(account, terms);
                return null;
            }
            if (entry == Entry.FULL) {
                reservation.note(terms);
                return Refusal.full(reservation, terms);
            }
            accounts.forget(account);
        }
    }

    /** Shows each meter that is in use. */
    final void eachMeter(Consumer<Meter> action) {
        for (QuotaAccount account : accounts.all()) {
            for (Meter meter : account.terms().meters()) {
                action.accept(meter);
            }
        }
    }

    /** Nanoseconds since the ledger began. */
    final long now() {
        return nanoClock.getAsLong() - startNanos;
    }
}
