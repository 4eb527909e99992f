package headgate.proxy.routing;

import headgate.filters.Deployment;
import java.util.IdentityHashMap;

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
}
