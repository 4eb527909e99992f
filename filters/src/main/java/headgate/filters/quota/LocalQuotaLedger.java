package headgate.filters.quota;

import headgate.conf.QuotaConfig;
import headgate.conf.RateLimitConfig;
import headgate.conf.RateLimitConfig.Mode;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.quota.QuotaAccount.Entry;
import headgate.filters.quota.QuotaAccount.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one process: it decides at once, from memory.
 *
 * <p>Shared by all event loops. Nothing locks where an account is known already.
 */
public final class LocalQuotaLedger implements QuotaLedger {
    private static final String ALL = "";

    private final LongSupplier nanoClock;
    private final long startNanos;
    private final QuotaAccounts accounts;

    /**
     * An empty ledger.
     *
     * @param nanoClock such as {@link System#nanoTime}
     * @param accountsMax how many accounts are kept at once
     */
    public LocalQuotaLedger(LongSupplier nanoClock, int accountsMax) {
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.accounts = new QuotaAccounts(accountsMax);
    }

    @Override
    public void reserve(Reservation reservation, long requests, long tokens, long microUnits, Decision decision) {
        long now = now();
        boolean first = !reservation.open();
        ProxyError full = first ? enter(reservation, now) : null;
        if (full != null) {
            reservation.leave();
            decision.refused(reservation, full);
        } else if (tryTake(reservation, requests, tokens, microUnits, now)) {
            book(reservation, requests, tokens, microUnits);
            decision.granted(reservation);
        } else {
            if (first) {
                reservation.leave();
            }
            decision.refused(reservation, Refusal.of(reservation, requests, tokens, microUnits, now));
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

    /** Takes from all meters, or from none. */
    private static boolean tryTake(Reservation reservation, long requests, long tokens, long microUnits, long now) {
        for (int a = 0; a < reservation.count; a++) {
            Terms terms = reservation.terms[a];
            Meter[] meters = terms.meters();
            for (int m = 0; m < meters.length; m++) {
                Meter meter = meters[m];
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0 && !meter.tryTake(amount, now)) {
                    meter.refuse();
                    if (terms.enforced()) {
                        giveBack(reservation, a, m, requests, tokens, microUnits);
                        return false;
                    }
                    meter.take(amount, now);
                }
            }
        }
        return true;
    }

    /** Gives back what was taken before this meter. */
    private static void giveBack(
            Reservation reservation, int account, int meter, long requests, long tokens, long microUnits) {
        for (int a = 0; a <= account; a++) {
            Meter[] meters = reservation.terms[a].meters();
            for (int m = 0; m < (a < account ? meters.length : meter); m++) {
                meters[m].giveBack(meters[m].unit().of(requests, tokens, microUnits));
            }
        }
    }

    /** Books what was taken, by a clock that is read after it was. */
    private void book(Reservation reservation, long requests, long tokens, long microUnits) {
        long now = now();
        int i = 0;
        for (int a = 0; a < reservation.count; a++) {
            for (Meter meter : reservation.terms[a].meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount > 0) {
                    reservation.marks[i] = meter.book(amount, now);
                    reservation.booked[i] += amount;
                }
                i++;
            }
        }
    }

    private long now() {
        return nanoClock.getAsLong() - startNanos;
    }
}
