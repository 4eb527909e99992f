package headgate.filters.identity;

import headgate.conf.PermissionConfig;
import headgate.conf.PermissionConfig.Right;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.Glob;
import headgate.filters.Principal;
import headgate.filters.Reach;
import headgate.filters.api.ProxyError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with which deployment.
 *
 * <p>Patterns are matched when the table is made: asking takes one look for each of the principal's subjects, and allocates
 * nothing. Immutable; safe for all event loops.
 */
public final class Permissions {
    private record Grant(BitSet deployments, Set<Right> rights) {}

    private final boolean everything;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, List<Grant>> bySubject = new HashMap<>();

    /**
     * Takes the table of a configuration.
     *
     * @param rows null when every principal may do everything
     */
    public Permissions(@Nullable List<PermissionConfig> rows, Deployments deployments) {
        everything = rows == null;
        for (Deployment deployment : deployments.all()) {
            places.put(deployment.name(), places.size());
        }
        for (PermissionConfig row : rows == null ? List.<PermissionConfig>of() : rows) {
            Grant grant = new Grant(places(row.deployments()), row.rights());
            for (String subject : row.subjects()) {
                bySubject.computeIfAbsent(subject, key -> new ArrayList<>(1)).add(grant);
            }
        }
    }

    /** Whether this principal may do this with that deployment, by the table and by what its credential is bound to. */
    public boolean allow(@Nullable Principal principal, Right right, Deployment deployment) {
        if (principal != null && !principal.reach().covers(deployment)) {
            return false;
        }
        if (everything) {
            return true;
        }
        Integer place = places.get(deployment.name());
        if (principal == null || place == null) {
            return false;
        }
        List<String> subjects = principal.subjects();
        for (int i = 0; i < subjects.size(); i++) {
            List<Grant> grants = bySubject.get(subjects.get(i));
            for (int j = 0; grants != null && j < grants.size(); j++) {
                Grant grant = grants.get(j);
                if (grant.rights.contains(right) && grant.deployments.get(place)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Refuses what is not allowed.
     *
     * @throws ProxyError if this principal may not do this with that deployment
     */
    public void require(@Nullable Principal principal, Right right, Deployment deployment) throws ProxyError {
        if (!allow(principal, right, deployment)) {
            throw Reach.denied();
        }
    }

    private BitSet places(List<String> patterns) {
        BitSet fitting = new BitSet();
        places.forEach((name, place) -> {
            if (patterns.stream().anyMatch(pattern -> Glob.matches(pattern, name))) {
                fitting.set(place);
            }
        });
        return fitting;
    }
}
