package headgate.filters.quota;

/** Who makes the meters of a ledger. */
interface MeterMaker {
    /**
     * A meter of a limit that was not counted yet.
     *
     * @param deployment empty where all deployments count
     * @param principal empty where all callers count
     */
    Meter meter(String deployment, String principal, QuotaUnit unit, long limit);
}
