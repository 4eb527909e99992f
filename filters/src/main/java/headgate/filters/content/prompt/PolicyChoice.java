package headgate.filters.content.prompt;

import headgate.filters.Deployment;
import headgate.filters.content.FilterPolicy;
import org.jspecify.annotations.Nullable;

/** Says which policy a deployment has. */
@FunctionalInterface
public interface PolicyChoice {
    /** The policy in force; null for none. */
    @Nullable
    FilterPolicy of(Deployment deployment);
}
