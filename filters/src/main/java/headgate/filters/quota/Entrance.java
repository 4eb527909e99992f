package headgate.filters.quota;

import headgate.conf.QuotaConfig;
import headgate.conf.RateLimitConfig;
import headgate.conf.RateLimitConfig.Mode;
import headgate.filters.api.ProxyError;
import headgate.filters.quota.Meter.Refill;
import headgate.filters.quota.QuotaAccount.Entry;
import headgate.filters.quota.QuotaAccount.Terms;
import org.jspecify.annotations.Nullable;

/**
 * The way into the accounts that limit an exchange: it counts as being in progress in all of them, or in none.
 *
 * <p>Shared by all event loops. Nothing locks where an account is known already.
 */
final class Entrance {
    private static final String ALL = "";

    /**
     * Why an exchange does not enter.
     *
     * @param why null when it is to try again later
     */
    record Closed(@Nullable ProxyError why) {}

    /** What is done with each account; the first that is closed is the last. */
    private interface Visit {
        @Nullable
        Closed of(String deployment, String principal, RateLimitConfig limits, long provisioned, Mode mode);
    }

    private static final Closed LATER = new Closed(null);

    private final QuotaAccounts accounts;
    private final boolean passesUncounted;

    /**
     * The way into these accounts.
     *
     * @param passesUncounted whether an exchange enters while nobody answers who lends slots
     */
    Entrance(QuotaAccounts accounts, boolean passesUncounted) {
        this.accounts = accounts;
        this.passesUncounted = passesUncounted;
    }

    /**
     * Enters all accounts.
     *
     * @param asks what waits where slots have to be asked for
     * @return null when all are entered
     */
    @Nullable
    Closed tryEnter(Admission asks, long now) {
        Reservation reservation = asks.reservation();
        boolean[] later = {false};
        Closed closed = visit(reservation, (deployment, principal, limits, provisioned, mode) -> {
            Closed one = tryEnter(asks, deployment, principal, limits, provisioned, mode, now);
            // The others are asked at the same time.
            boolean waits = one != null && one.why() == null;
            later[0] |= waits;
            return waits ? null : one;
        });
        if (closed == null && later[0]) {
            reservation.clear();
            return LATER;
        }
        reservation.ready();
        if (closed != null) {
            reservation.leave();
        }
        return closed;
    }

    /** Shows a forecast the accounts that would be entered; one that is not there yet is shown empty, and not opened. */
    void forecast(Forecast forecast, Reservation reservation, MeterMaker meters) {
        visit(reservation, (deployment, principal, limits, provisioned, mode) -> {
            QuotaAccount known = accounts.find(deployment, principal);
            QuotaAccount account =
                    known == null ? new QuotaAccount(deployment, principal, limits, provisioned, mode, meters) : known;
            forecast.look(account, account.terms(limits, provisioned, mode));
            return null;
        });
    }

    /** One account after the other, of a deployment, a caller on it, and a caller, as far as they limit anything. */
    private static @Nullable Closed visit(Reservation reservation, Visit visit) {
        QuotaConfig quota = reservation.deployment.config().quota();
        String name = reservation.deployment.name();
        String principal = reservation.principal;
        long provisioned = quota.provisionedTokensPerMinute();
        Closed closed = visit(visit, name, ALL, quota.all(), provisioned, quota.mode());
        if (closed == null && principal != null) {
            closed = visit(visit, name, principal, quota.perPrincipal(), 0, quota.mode());
        }
        if (closed == null && principal != null) {
            RateLimitConfig limits = reservation.principalLimits.of(principal);
            closed = visit(visit, ALL, principal, limits, 0, reservation.principalLimits.mode());
        }
        return closed;
    }

    private static @Nullable Closed visit(
            Visit visit, String deployment, String principal, RateLimitConfig limits, long provisioned, Mode mode) {
        return provisioned == 0 && limits.equals(RateLimitConfig.NONE)
                ? null
                : visit.of(deployment, principal, limits, provisioned, mode);
    }

    private @Nullable Closed tryEnter(
            Admission asks,
            String deployment,
            String principal,
            RateLimitConfig limits,
            long provisioned,
            Mode mode,
            long now) {
        while (true) {
            QuotaAccount account = accounts.find(deployment, principal);
            if (account == null) {
                account = accounts.tryOpen(deployment, principal, limits, provisioned, mode, now);
            }
            if (account == null) {
                return mode == Mode.SHADOW ? null : new Closed(Refusal.noAccount());
            }
            Terms terms = account.terms(limits, provisioned, mode);
            Entry entry = account.tryEnter(terms, now);
            if (entry == Entry.FULL) {
                Closed closed = refill(asks, account, terms, now);
                if (closed != null) {
                    return closed;
                }
                entry = account.enter();
            }
            if (entry == Entry.ENTERED) {
                asks.reservation().enter(account, terms);
                return null;
            }
            accounts.forget(account);
        }
    }

    /** Where this node has no slot left, asks for more; null when the exchange enters all the same. */
    private @Nullable Closed refill(Admission asks, QuotaAccount account, Terms terms, long now) {
        int limit = terms.limits().concurrent();
        boolean enforced = terms.enforced();
        Slots slots = account.slots();
        Refill refill = enforced
                ? asks.ask(then -> slots.refill(limit, now, then), now)
                : slots.refill(limit, now, () -> account.refuseIfAbove(terms, asks.now()));
        if (refill == Refill.NONE_LEFT) {
            account.refuseByOpen();
        }
        if (!enforced || (refill == Refill.AWAY && passesUncounted)) {
            return null;
        }
        if (refill == Refill.LATER) {
            return LATER;
        }
        asks.reservation().note(terms);
        return new Closed(refill == Refill.AWAY ? Refusal.unknown() : Refusal.full(asks.reservation(), terms));
    }
}
