package headgate.filters.quota;

/**
 * What one limit stands at.
 *
 * @param deployment empty where all deployments count
 * @param principal empty where all callers count
 * @param limit in the unit's own measure
 * @param used reserved and settled together; may be above the limit in shadow mode, or by usage that was not foreseen
 * @param reserved of what is used: by this node's exchanges in progress
 * @param leased borrowed by this node, and not used yet; 0 where nothing is shared
 * @param freeNanos until nothing counts any more, if nothing else came
 * @param refused how many demands were refused, or would have been in shadow mode
 */
public record QuotaStanding(
        String deployment,
        String principal,
        QuotaUnit unit,
        long limit,
        long used,
        long reserved,
        long leased,
        long freeNanos,
        long refused) {}
