package headgate.filters.quota;

import headgate.conf.GatewayConfig;
import headgate.filters.Configured;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.api.ProxyError;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A ledger whose clock the test moves, over deployments as an operator would write them. */
final class Ledgers {
    static final long SECOND = 1_000_000_000L;

    final AtomicLong nanos = new AtomicLong(-77 * SECOND);
    final LocalQuotaLedger ledger;

    private final GatewayConfig config;
    private final Deployments deployments;

    /**
     * Sets it up.
     *
     * @param deployment what the deployment {@code d} says beside its upstream, in flow style
     * @param rateLimits what callers may use of all deployments, in flow style
     */
    Ledgers(String deployment, String rateLimits) {
        this(deployment, rateLimits, 1000);
    }

    Ledgers(String deployment, String rateLimits, int accountsMax) {
        String upstream = "upstreams: [{ url: \"http://127.0.0.1:1\" }]";
        String all = "d: { " + upstream + ", " + deployment + " }\ne: { " + upstream + ", " + deployment + " }";
        this.config = Configured.with(all + "\n", "rateLimits: { " + rateLimits + " }");
        this.deployments = new Deployments(config);
        this.ledger = new LocalQuotaLedger(nanos::get, accountsMax);
    }

    /** The time since the ledger began. */
    long now() {
        return nanos.get() + 77 * SECOND;
    }

    void pass(long time) {
        nanos.addAndGet(time);
    }

    Deployment deployment(String name) {
        return Objects.requireNonNull(deployments.find(name));
    }

    Reservation open(String deployment, String principal) {
        return new Reservation(deployment(deployment), principal, config.principalLimits());
    }

    /** Reserves one request; null when there is room, else why there is none. */
    @Nullable
    ProxyError reserve(Reservation reservation, long requests, long tokens, long microUnits) {
        Told told = new Told();
        ledger.reserve(reservation, requests, tokens, microUnits, told);
        return told.why;
    }

    /** What one limit stands at; 0 where nothing was ever counted. */
    long used(String deployment, String principal, QuotaUnit unit) {
        return ledger.standings().stream()
                .filter(at ->
                        at.deployment().equals(deployment) && at.principal().equals(principal) && at.unit() == unit)
                .mapToLong(QuotaStanding::used)
                .sum();
    }

    private static final class Told implements QuotaLedger.Decision {
        private @Nullable ProxyError why;

        @Override
        public void granted(Reservation reservation) {
            why = null;
        }

        @Override
        public void refused(Reservation reservation, ProxyError refusal) {
            why = refusal;
        }

        @Override
        public void hop(Runnable rest) {
            rest.run();
        }
    }
}
