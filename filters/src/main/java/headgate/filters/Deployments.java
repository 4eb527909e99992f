package headgate.filters;

import headgate.conf.GatewayConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All deployments of one configuration, found by name without regard to case.
 *
 * <p>Immutable.
 */
public final class Deployments {
    private final Map<String, Deployment> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Deployment> inOrder = new ArrayList<>();

    /** Takes the deployments of a configuration. */
    public Deployments(GatewayConfig config) {
        config.deployments().values().forEach(written -> {
            Deployment deployment = new Deployment(written);
            inOrder.add(deployment);
            byName.put(written.name(), deployment);
        });
    }

    /** The deployment of this name, or null. */
    public @Nullable Deployment find(String name) {
        return isAscii(name) ? byName.get(name) : null;
    }

    /** The only deployment there is, or null when there are several or none. */
    public @Nullable Deployment only() {
        return inOrder.size() == 1 ? inOrder.get(0) : null;
    }

    /** All of them, in the order of the configuration. */
    public Collection<Deployment> all() {
        return Collections.unmodifiableList(inOrder);
    }

    /** A few letters beyond ASCII, such as the Kelvin sign, differ from one of ASCII only by case. */
    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
