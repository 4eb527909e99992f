package headgate.filters;

import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import java.util.List;
import java.util.Locale;

/**
 * What a credential may be used for, whoever has it.
 *
 * <p>It only takes away: within it, the table of permissions says what its owner may do.
 *
 * @param deployments names in lower case, in which {@code *} stands for any characters; empty for all
 * @param surfaces words of surfaces; empty for all
 */
public record Reach(List<String> deployments, List<String> surfaces) {
    /** Without any bound. */
    public static final Reach EVERYTHING = new Reach(List.of(), List.of());

    public Reach {
        deployments =
                deployments.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether it covers this deployment. */
    public boolean covers(Deployment deployment) {
        if (deployments.isEmpty()) {
            return true;
        }
        String name = deployment.name().toLowerCase(Locale.ROOT);
        for (String pattern : deployments) {
            if (fits(pattern, name)) {
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

    /** Each star takes as little as it can, and the last one more whenever the rest does not fit: never exponential. */
    private static boolean fits(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int taken = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
