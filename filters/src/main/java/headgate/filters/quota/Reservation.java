package headgate.filters.quota;

import headgate.conf.PrincipalLimitsConfig;
import headgate.filters.Deployment;
import headgate.filters.quota.QuotaAccount.Terms;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange has reserved, in every account that it touches.
 *
 * <p>Filled by one or more {@link QuotaLedger#reserve}, and ended by one {@link QuotaLedger#settle}. Belongs to its
 * exchange's event loop; only the ledger looks inside.
 */
public final class Reservation {
    /** A deployment, a caller, and that caller on that deployment. */
    private static final int ACCOUNTS_MAX = 3;

    final Deployment deployment;
    final @Nullable String principal;
    final PrincipalLimitsConfig principalLimits;

    /** In how many of the accounts the exchange counts as open. */
    int entered;

    final QuotaAccount[] accounts = new QuotaAccount[ACCOUNTS_MAX];
    /** The limits of each account as they were when it was entered; known for one more when that one is full. */
    final Terms[] terms = new Terms[ACCOUNTS_MAX];

    int count;

    /** For each meter of each account in their order, how much is booked there, and where. */
    long[] booked = {};

    long[] marks = {};

    /** What a demand that is not decided yet has taken from each meter. */
    long[] taken = {};

    /**
     * A reservation of nothing yet.
     *
     * @param principal who calls; null when that is not known
     * @param principalLimits what callers may use of all deployments
     */
    public Reservation(Deployment deployment, @Nullable String principal, PrincipalLimitsConfig principalLimits) {
        this.deployment = deployment;
        this.principal = principal;
        this.principalLimits = principalLimits;
    }

    /** Whether it must be settled. */
    boolean open() {
        return entered > 0;
    }

    void enter(QuotaAccount account, Terms limits) {
        accounts[entered++] = account;
        note(limits);
    }

    void note(Terms limits) {
        terms[count++] = limits;
    }

    /** Nothing is entered after all; it may be tried again. */
    void clear() {
        leave();
        count = 0;
    }

    /** All accounts are entered. */
    void ready() {
        int meters = 0;
        for (int a = 0; a < count; a++) {
            meters += terms[a].meters().length;
        }
        booked = new long[meters];
        marks = new long[meters];
        taken = new long[meters];
    }

    void leave() {
        while (entered > 0) {
            accounts[--entered].leave();
        }
    }
}
