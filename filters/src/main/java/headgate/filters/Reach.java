package headgate.filters;

import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import java.util.List;

/**
 * What a credential may be used for, whoever has it.
 *
 * <p>It only takes away: within it, the table of permissions says what its owner may do.
 *
 * @param deployments names in which {@code *} stands for any characters; empty for all
 * @param surfaces words of surfaces; empty for all
 */
public record Reach(List<String> deployments, List<String> surfaces) {
    /** Without any bound. */
    public static final Reach EVERYTHING = new Reach(List.of(), List.of());

    /** Whether it covers this deployment. */
    public boolean covers(Deployment deployment) {
        if (deployments.isEmpty()) {
            return true;
        }
        for (String pattern : deployments) {
            if (Glob.matches(pattern, deployment.name())) {
                return true;
            }
        }
        return false;
    }

    /** Whether it covers this surface. */
    public boolean covers(Surface surface) {
        return surfaces.isEmpty() || surfaces.contains(surface.word());
    }

    /** What callers are told about what it does not cover. */
    public static ProxyError denied() {
        return ProxyError.of(ProxyError.Kind.PERMISSION_DENIED, "Principal does not have access to API/Operation.");
    }
}
