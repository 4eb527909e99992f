package headgate.proxy.routing;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** How endpoints have been doing, for those of the next configuration that are the same. */
final class KnownHealth {
    private final Map<Endpoint.Sameness, Queue<EndpointHealth>> known = new HashMap<>();

    /** What is known from these routes; null for nothing. */
    KnownHealth(@Nullable Routes before) {
        if (before != null) {
            before.endpoints()
                    .forEach(endpoint -> known.computeIfAbsent(endpoint.sameness(), sameness -> new ArrayDeque<>(1))
                            .add(endpoint.health()));
        }
    }

    /** That of the same endpoint before, which no other one is given; or that of a new one. */
    EndpointHealth of(Endpoint.Sameness sameness) {
        Queue<EndpointHealth> same = known.get(sameness);
        EndpointHealth health = same == null ? null : same.poll();
        return health == null ? new EndpointHealth() : health;
    }
}
