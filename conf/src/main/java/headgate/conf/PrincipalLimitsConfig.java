package headgate.conf;

import headgate.conf.RateLimitConfig.Mode;
import java.util.Map;

/**
 * What a caller may use of all deployments together.
 *
 * @param each for callers without limits of their own
 * @param byName for the others
 * @param mode of both
 * @param accountsMax how many counts are kept: one for each limited deployment, caller, and caller on a deployment; those
 *     that count nothing any more make room; above: 503; default 65,536
 * @param outage what becomes of exchanges while limits are shared by Redis, and it is away; default closed
 */
public record PrincipalLimitsConfig(
        RateLimitConfig each, Map<String, RateLimitConfig> byName, Mode mode, int accountsMax, Outage outage) {
    /** What becomes of an exchange when nobody answers who keeps the count, and what was lent before is used up. */
    public enum Outage {
        /** It passes, and is counted when there is an answer again. */
        OPEN,
        /** It is refused. */
        CLOSED
    }

    /** What this caller may use. */
    public RateLimitConfig of(String principal) {
        return byName.getOrDefault(principal, each);
    }
}
