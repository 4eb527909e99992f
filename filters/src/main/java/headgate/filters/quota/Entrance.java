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

    /** What one account asks of an exchange. */
    private record Door(String deployment, String principal, RateLimitConfig limits, long provisioned, Mode mode) {}

    /**
     * Enters all accounts.
     *
     * @param mayWait whether there is time left to ask for more slots
     * @param then run when it is to try again, on any thread
     * @return null when all are entered
     */
    @Nullable
    Closed tryEnter(Reservation reservation, long now, boolean mayWait, Runnable then) {
        QuotaConfig quota = reservation.deployment.config().quota();
        String name = reservation.deployment.name();
        String principal = reservation.principal;
        long provisioned = quota.provisionedTokensPerMinute();
        Way way = new Way(reservation, now, mayWait, then);
        Closed closed = way.tryEnter(new Door(name, ALL, quota.all(), provisioned, quota.mode()));
        if (closed == null && principal != null) {
            closed = way.tryEnter(new Door(name, principal, quota.perPrincipal(), 0, quota.mode()));
        }
        if (closed == null && principal != null) {
            RateLimitConfig limits = reservation.principalLimits.of(principal);
            closed = way.tryEnter(new Door(ALL, principal, limits, 0, reservation.principalLimits.mode()));
        }
        if (closed != null && closed.why() == null) {
            reservation.clear();
        } else {
            reservation.ready();
            if (closed != null) {
                reservation.leave();
            }
        }
        return closed;
    }

    /** The way of one exchange. */
    private final class Way {
        private final Reservation reservation;
        private final long now;
        private final boolean mayWait;
        private final Runnable then;

        Way(Reservation reservation, long now, boolean mayWait, Runnable then) {
            this.reservation = reservation;
            this.now = now;
            this.mayWait = mayWait;
            this.then = then;
        }

        @Nullable
        Closed tryEnter(Door door) {
            if (door.provisioned == 0 && door.limits.equals(RateLimitConfig.NONE)) {
                return null;
            }
            while (true) {
                QuotaAccount account = accounts.find(door.deployment, door.principal);
                if (account == null) {
                    account = accounts.tryOpen(
                            door.deployment, door.principal, door.limits, door.provisioned, door.mode, now);
                }
                if (account == null) {
                    return door.mode == Mode.SHADOW ? null : new Closed(Refusal.noAccount());
                }
                Terms terms = account.terms(door.limits, door.provisioned, door.mode);
                Entry entry = account.tryEnter(terms, now);
                if (entry == Entry.FULL) {
                    Closed closed = refill(account, terms);
                    if (closed != null) {
                        return closed;
                    }
                    entry = account.enter();
                }
                if (entry == Entry.ENTERED) {
                    reservation.enter(account, terms);
                    return null;
                }
                accounts.forget(account);
            }
        }

        /** Where this node has no slot left, asks for more; null when the exchange enters all the same. */
        private @Nullable Closed refill(QuotaAccount account, Terms terms) {
            int limit = terms.limits().concurrent();
            boolean enforced = terms.enforced();
            Refill refill =
                    !enforced || mayWait ? account.slots().refill(limit, now, enforced ? then : () -> {}) : Refill.AWAY;
            if (refill == Refill.NONE_LEFT) {
                account.refuseByOpen();
            }
            if (!enforced || (refill == Refill.AWAY && passesUncounted)) {
                return null;
            }
            if (refill == Refill.LATER) {
                return LATER;
            }
            reservation.note(terms);
            return new Closed(refill == Refill.AWAY ? Refusal.unknown() : Refusal.full(reservation, terms));
        }
    }
}
