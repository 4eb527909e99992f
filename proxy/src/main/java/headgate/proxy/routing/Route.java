package headgate.proxy.routing;

import headgate.conf.DeploymentConfig;
import headgate.filters.Deployment;
import headgate.filters.api.ProxyError;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one deployment, and which of them is next: by priority, then by weight.
 *
 * <p>An endpoint that cools down is passed over while there is another. Immutable; shared by all event loops.
 */
public final class Route {
    private final List<Endpoint> endpoints;
    private final RetryRule retryRule;

    /**
     * The route of a deployment.
     *
     * @param before that of the same deployment in the configuration before; null for none
     */
    Route(Deployment deployment, List<Endpoint> endpoints, @Nullable Route before) {
        DeploymentConfig config = deployment.config();
        this.endpoints = endpoints.stream()
                .sorted(Comparator.comparingInt(Endpoint::priority))
                .toList();
        this.retryRule = new RetryRule(config.retry(), before == null ? null : before.retryRule);
    }

    /** When a failed call may be made again. */
    public RetryRule retryRule() {
        return retryRule;
    }

    /** All endpoints, by priority. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Whether there is a choice at all; a single endpoint is always used, however it has been doing. */
    public boolean hasChoice() {
        return endpoints.size() > 1;
    }

    /**
     * The endpoint to call next.
     *
     * @param tried those this exchange has called already
     * @return null when all have been tried
     * @throws ProxyError 503 with the shortest wait, when all that are left cool down
     */
    public @Nullable Endpoint next(Set<Endpoint> tried, long nowNanos) throws ProxyError {
        if (!hasChoice()) {
            return tried.isEmpty() ? endpoints.get(0) : null;
        }
        int priority = Integer.MAX_VALUE;
        int weights = 0;
        long shortestNanos = Long.MAX_VALUE;
        for (Endpoint endpoint : endpoints) {
            if (!tried.contains(endpoint)) {
                long coolingNanos = endpoint.health().coolingNanos(nowNanos);
                shortestNanos = Math.min(shortestNanos, coolingNanos);
                if (coolingNanos == 0 && endpoint.priority() <= priority) {
                    priority = endpoint.priority();
                    weights += endpoint.weight();
                }
            }
        }
        if (weights > 0) {
            return pick(tried, nowNanos, priority, ThreadLocalRandom.current().nextInt(weights));
        }
        if (shortestNanos == Long.MAX_VALUE || !tried.isEmpty()) {
            return null;
        }
        throw ProxyError.retryLater(
                ProxyError.Kind.COOLING_DOWN,
                "All upstreams of this deployment are cooling down. Please retry.",
                (shortestNanos + 999_999) / 1_000_000);
    }

    /**
     * Why an endpoint is taken or not, in words for people.
     *
     * @param taken the one that is next; null when none is
     */
    public String reason(Endpoint endpoint, @Nullable Endpoint taken, long nowNanos) {
        long coolingMs = TimeUnit.NANOSECONDS.toMillis(endpoint.health().coolingNanos(nowNanos));
        if (endpoint == taken) {
            return hasChoice() ? "taken" : "taken: there is no other";
        }
        if (coolingMs > 0) {
            return "not taken: it cools down for " + coolingMs + " ms";
        }
        if (taken == null) {
            return "none is taken";
        }
        return endpoint.priority() > taken.priority()
                ? "not taken: it stands behind those of priority " + taken.priority()
                : "not taken this time: of equals, one is drawn by weight";
    }

    private Endpoint pick(Set<Endpoint> tried, long nowNanos, int priority, int point) {
        int left = point;
        Endpoint last = endpoints.get(0);
        for (Endpoint endpoint : endpoints) {
            if (endpoint.priority() == priority
                    && !tried.contains(endpoint)
                    && endpoint.health().coolingNanos(nowNanos) == 0) {
                last = endpoint;
                left -= endpoint.weight();
                if (left < 0) {
                    return endpoint;
                }
            }
        }
        return last;
    }
}
