package headgate.filters.quota;

import java.util.function.IntSupplier;

/** Who makes what the accounts of a ledger count with. */
interface MeterMaker {
    /**
     * A meter of a limit that was not counted yet.
     *
     * @param deployment empty where all deployments count
     * @param principal empty where all callers count
     */
    Meter meter(String deployment, String principal, QuotaUnit unit, long limit);

    /**
     * The slots of an account that was not counted yet.
     *
     * @param open how many of its exchanges are in progress here
     */
    Slots slots(String deployment, String principal, IntSupplier open);
}
