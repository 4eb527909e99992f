package headgate.filters.quota;

import headgate.filters.api.ProxyError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would come of a demand if it came now, as far as this node knows.
 *
 * @param limits every limit that the demand would touch
 * @param refusal what the caller would be told; null where there is room
 */
public record QuotaForecast(List<Limit> limits, @Nullable ProxyError refusal) {
    /**
     * One limit under the demand.
     *
     * @param standing where it stands without the demand
     * @param asked what the demand would take of it, in the unit's own measure
     * @param enforced whether the limit refuses; else it only counts (shadow mode)
     * @param fits whether there is room
     */
    public record Limit(QuotaStanding standing, long asked, boolean enforced, boolean fits) {}
}
