package headgate.filters.model;

import headgate.conf.DeploymentConfig.OperationName;
import headgate.conf.PermissionConfig.Right;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.GateHandler;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import headgate.filters.identity.Permissions;
import io.netty.channel.ChannelHandlerContext;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The gate that asks whether the named deployment exists, whether this principal may use it, whether it is
 * open, and whether it does what is asked.
 *
 * <p>Stands right behind the model handler.
 */
public final class DeploymentHandler extends GateHandler {
    private final Supplier<Deployments> deployments;
    private final Supplier<Permissions> permissions;

    /** A gate over these deployments; the suppliers are asked for each exchange. */
    public DeploymentHandler(Supplier<Deployments> deployments, Supplier<Permissions> permissions) {
        this.deployments = deployments;
        this.permissions = permissions;
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        OperationMatch asked = exchange.requireOperation();
        String name = exchange.modelName();
        Deployment deployment = name == null ? null : deployments.get().find(name);
        if (deployment == null) {
            throw unknown(asked.surface(), String.valueOf(name));
        }
        permissions.get().require(exchange.principal(), Right.INFER, deployment);
        requireOpen(deployment);
        OperationName operation = asked.operation().asked();
        if (operation == null || !deployment.does(operation)) {
            throw ProxyError.of(
                    ProxyError.Kind.OPERATION_NOT_SUPPORTED,
                    "The deployment " + deployment.name() + " does not do "
                            + asked.operation().word() + ".");
        }
        exchange.deployment(deployment);
    }

    /** Behind the permission: only those who may use it learn how it is. */
    private static void requireOpen(Deployment deployment) throws ProxyError {
        if (deployment.retired(Instant.now())) {
            throw ProxyError.of(
                    ProxyError.Kind.MODEL_DEPRECATED,
                    "The model " + deployment.modelName() + " of the deployment " + deployment.name()
                            + " is retired. Please use another deployment.");
        }
        if (deployment.config().paused()) {
            throw ProxyError.of(
                    ProxyError.Kind.DEPLOYMENT_PAUSED, "The deployment " + deployment.name() + " is paused.");
        }
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
