package headgate.proxy.routing;

import headgate.conf.RetryConfig;
import headgate.filters.api.ProxyError;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * When a failed call may be made again, within a budget that all exchanges of a deployment share.
 *
 * <p>Callers retry by themselves, so retries here multiply: each exchange pays a part of a retry in, and a retry takes a
 * whole one out. A few per second are free. The budget goes on through a reload. Shared by all event loops.
 */
public final class RetryRule {
    private static final long RETRY = 1000;
    /** What was not spent is kept for so long. */
    private static final long SAVED_SECONDS_MAX = 10;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final RetryConfig config;
    private final long budgetMax;
    private final AtomicLong budget;
    private final AtomicLong paidFreeNanos;

    /**
     * A rule that takes another one's place.
     *
     * @param before whose budget is this one's too, since exchanges of both configurations burden the same upstreams; null for none
     */
    RetryRule(RetryConfig config, @Nullable RetryRule before) {
        this.config = config;
        this.budgetMax = RETRY * SAVED_SECONDS_MAX * Math.max(1, config.budgetMinPerSecond());
        this.budget = before == null ? new AtomicLong(RETRY * config.budgetMinPerSecond()) : before.budget;
        this.paidFreeNanos = before == null ? new AtomicLong(System.nanoTime()) : before.paidFreeNanos;
    }

    /** An exchange begins: it pays its part in. */
    public void exchangeBegins() {
        payIn(config.budgetPercent() * RETRY / 100);
    }

    /** Whether an answer of this status is to be tried elsewhere. */
    public boolean covers(int status) {
        return status >= 400 && config.statuses().contains(status);
    }

    /** Whether a call that failed like this is to be tried elsewhere. */
    public boolean covers(ProxyError.Kind kind) {
        return switch (kind) {
            case CONNECT_FAILED, CONNECT_TIMEOUT, REUSED_CONNECTION_CLOSED -> config.connectFailures();
            case BAD_ANSWER -> config.statuses().contains(502);
            case ANSWER_TIMEOUT -> config.statuses().contains(504);
            case UNAVAILABLE -> config.statuses().contains(503);
            default -> false;
        };
    }

    /** Takes a retry out of the budget, if attempts and budget allow one more. */
    public boolean tryRetry(int attempts, long nowNanos) {
        if (attempts >= config.attempts()) {
            return false;
        }
        long last = paidFreeNanos.get();
        long elapsedNanos = Math.min(nowNanos - last, SAVED_SECONDS_MAX * NANOS_PER_SECOND);
        long free = elapsedNanos * config.budgetMinPerSecond() / (NANOS_PER_SECOND / RETRY);
        if (free > 0 && paidFreeNanos.compareAndSet(last, nowNanos)) {
            payIn(free);
        }
        // More than may be saved is there only after a reload that lowered the bound.
        return budget.getAndUpdate(left -> left >= RETRY ? Math.min(left, budgetMax) - RETRY : left) >= RETRY;
    }

    private void payIn(long amount) {
        if (budget.get() < budgetMax) {
            budget.accumulateAndGet(amount, (left, paid) -> Math.min(budgetMax, left + paid));
        }
    }
}
