package headgate.proxy.routing;

import headgate.filters.Deployment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The routes of all deployments of one configuration.
 *
 * <p>Immutable; shared by all event loops.
 */
public final class Routes {
    private final IdentityHashMap<Deployment, Route> byDeployment;

    /** Takes the routes over. */
    public Routes(IdentityHashMap<Deployment, Route> routes) {
        byDeployment = routes;
    }

    /** The route of a deployment of the same configuration. */
    public Route of(Deployment deployment) {
        Route route = byDeployment.get(deployment);
        if (route == null) {
            throw new IllegalArgumentException("not a deployment of this configuration: " + deployment.name());
        }
        return route;
    }

    /** The endpoints of all routes, deployment by deployment. */
    Stream<Endpoint> endpoints() {
        return byDeployment.values().stream().flatMap(route -> route.endpoints().stream());
    }

    /** What goes on as long as an endpoint is the same; of all endpoints. */
    public Set<EndpointHealth> healths() {
        return endpoints()
                .map(Endpoint::health)
                .collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
    }
}
