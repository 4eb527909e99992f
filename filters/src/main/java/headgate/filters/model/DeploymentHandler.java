package headgate.filters.model;

import headgate.conf.DeploymentConfig.OperationName;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.GateHandler;
import headgate.filters.Reach;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Supplier;

/**
 * The gate that asks whether the named deployment exists, is within the caller's reach, and does what is asked.
 *
 * <p>Stands right behind the model handler.
 */
public final class DeploymentHandler extends GateHandler {
    private final Supplier<Deployments> deployments;

    /** A gate over these deployments; the supplier is asked for each exchange. */
    public DeploymentHandler(Supplier<Deployments> deployments) {
        this.deployments = deployments;
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        OperationMatch asked = exchange.requireOperation();
        String name = exchange.modelName();
        Deployment deployment = name == null ? null : deployments.get().find(name);
        if (deployment == null) {
            throw unknown(asked.surface(), String.valueOf(name));
        }
        if (!exchange.requirePrincipal().reach().covers(deployment)) {
            throw Reach.denied();
        }
        OperationName operation = asked.operation().asked();
        if (operation == null || !deployment.does(operation)) {
            throw ProxyError.of(
                    ProxyError.Kind.OPERATION_NOT_SUPPORTED,
                    "The deployment " + deployment.name() + " does not do "
                            + asked.operation().word() + ".");
        }
        exchange.deployment(deployment);
    }

    /** What callers of this surface are told about a deployment that does not exist. */
    static ProxyError unknown(Surface surface, String name) {
        return surface == Surface.MODELS
                ? ProxyError.of(ProxyError.Kind.UNKNOWN_MODEL, "Unknown model: " + name)
                : ProxyError.of(
                        ProxyError.Kind.DEPLOYMENT_NOT_FOUND,
                        "The API deployment for this resource does not exist. If you created the deployment within the"
                                + " last 5 minutes, please wait a moment and try again.");
    }
}
