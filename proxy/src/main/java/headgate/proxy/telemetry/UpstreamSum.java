package headgate.proxy.telemetry;

import headgate.filters.Deployment;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.EndpointHealth;
import headgate.proxy.routing.Gateway;
import java.util.LinkedHashMap;
import java.util.Map;

/** How one address of a deployment is doing; where a deployment has it several times, all of them together. */
final class UpstreamSum {
    private record Key(String deployment, String upstream) {}

    final String deployment;
    final String upstream;
    /** How long it is left alone; 0 when one of them can be used. */
    long coolingNanos = Long.MAX_VALUE;

    long open;
    long calls;
    long failures;

    private UpstreamSum(String deployment, String upstream) {
        this.deployment = deployment;
        this.upstream = upstream;
    }

    /** All there are in a configuration, in its order. */
    static Map<?, UpstreamSum> of(Gateway gateway) {
        Map<Key, UpstreamSum> sums = new LinkedHashMap<>();
        long now = System.nanoTime();
        for (Deployment deployment : gateway.deployments().all()) {
            for (Endpoint endpoint : gateway.routes().of(deployment).endpoints()) {
                Key key = new Key(deployment.name(), endpoint.name());
                sums.computeIfAbsent(key, fresh -> new UpstreamSum(fresh.deployment, fresh.upstream))
                        .add(endpoint.health(), now);
            }
        }
        return sums;
    }

    private void add(EndpointHealth health, long now) {
        coolingNanos = Math.min(coolingNanos, health.coolingNanos(now));
        open += health.open();
        calls += health.calls();
        failures += health.failures();
    }
}
