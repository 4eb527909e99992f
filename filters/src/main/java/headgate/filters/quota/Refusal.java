package headgate.filters.quota;

import headgate.filters.Deployment;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.quota.QuotaAccount.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no room, as the caller reads it.
 *
 * <p>Of several limits that refuse it names the one that does so for the longest time, so that whoever waits as long as it
 * says has room in all of them.
 */
final class Refusal {
    private static final long MS_NANOS = 1_000_000;
    /** Nobody knows when an exchange ends. */
    private static final long OPEN_WAIT_MS = 1000;

    private Refusal() {}

    /** What this demand is told now. */
    static ProxyError of(Reservation reservation, long requests, long tokens, long microUnits, long now) {
        @Nullable Meter longest = null;
        String caller = "";
        long waitNanos = -1;
        for (int a = 0; a < reservation.count; a++) {
            Terms terms = reservation.terms[a];
            for (Meter meter : terms.meters()) {
                long amount = meter.unit().of(requests, tokens, microUnits);
                if (amount == 0 || !terms.enforced()) {
                    continue;
                }
                if (meter.neverFits(amount)) {
                    return never(reservation.deployment, meter, amount, terms.caller());
                }
                long nanos = meter.waitNanos(amount, now);
                if (nanos > waitNanos) {
                    longest = meter;
                    caller = terms.caller();
                    waitNanos = nanos;
                }
            }
        }
        String limit = longest == null ? "rate limit" : longest.unit().limit(longest.limit());
        return retry(reservation.deployment, limit, caller, (waitNanos + MS_NANOS - 1) / MS_NANOS);
    }

    /** Too many exchanges are in progress. */
    static ProxyError full(Reservation reservation, Terms terms) {
        String limit = QuotaUnit.CONCURRENT.limit(terms.limits().concurrent());
        return retry(reservation.deployment, limit, terms.caller(), OPEN_WAIT_MS);
    }

    /** More is in use than the ledger may keep count of. */
    static ProxyError noAccount() {
        return ProxyError.retryLater(
                Kind.UNAVAILABLE, "The gateway keeps count of too many callers and deployments.", OPEN_WAIT_MS);
    }

    /** Nobody answers who keeps the count, and the operator wants nothing to pass uncounted. */
    static ProxyError unknown() {
        return ProxyError.retryLater(
                Kind.UNAVAILABLE, "The rate limits cannot be checked for now. Please retry.", OPEN_WAIT_MS);
    }

    private static ProxyError retry(Deployment deployment, String limit, String caller, long waitMs) {
        long seconds = Math.max(1, (waitMs + 999) / 1000);
        return ProxyError.retryLater(
                Kind.RATE_LIMITED,
                requests(deployment) + " have exceeded the " + limit + of(caller) + ". Please retry after " + seconds
                        + (seconds == 1 ? " second." : " seconds."),
                Math.max(1, waitMs));
    }

    private static ProxyError never(Deployment deployment, Meter meter, long amount, String caller) {
        return ProxyError.of(
                Kind.ABOVE_RATE_LIMIT,
                "This request to " + deployment.name() + " for " + deployment.modelName() + " needs " + amount
                        + ", which is above the " + meter.unit().limit(meter.limit()) + of(caller)
                        + " by itself. Retrying cannot help; a shorter prompt or a smaller max_tokens can.");
    }

    private static String requests(Deployment deployment) {
        return "Your requests to " + deployment.name() + " for " + deployment.modelName();
    }

    private static String of(String caller) {
        return caller.isEmpty() ? "" : " of " + caller;
    }
}
