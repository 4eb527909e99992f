package headgate.filters;

import headgate.conf.DeploymentConfig;
import headgate.conf.DeploymentConfig.OperationName;
import headgate.conf.SkuConfig;
import java.time.Instant;

/**
 * A deployment as the gates see it.
 *
 * @param config what the operator wrote
 */
public record Deployment(DeploymentConfig config) {
    /** The alias, as the operator wrote it. */
    public String name() {
        return config.name();
    }

    /** What callers are told about which model this is: the model's own name, or else the alias. */
    public String modelName() {
        return config.model() == null ? config.name() : config.model().name();
    }

    /** Whether its model is asked no more. */
    public boolean retired(Instant now) {
        return config.model() != null
                && config.model().retires() != null
                && !now.isBefore(config.model().retires());
    }

    /** Whether it can be asked to do this online. */
    public boolean does(OperationName operation) {
        SkuConfig sku = config.sku();
        if (sku != null && sku.name().batch()) {
            return false;
        }
        return config.operations().isEmpty() || config.operations().contains(operation);
    }
}
