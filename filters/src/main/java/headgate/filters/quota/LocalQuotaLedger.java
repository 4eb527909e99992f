package headgate.filters.quota;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The ledger of one process: it decides at once, from memory. */
public final class LocalQuotaLedger extends MeteredLedger {
    /** Its meters never have to ask. */
    private static final long FOR_EVER = Long.MAX_VALUE / 2;

    /**
     * An empty ledger.
     *
     * @param nanoClock such as {@link System#nanoTime}
     * @param accountsMax how many accounts are kept at once
     */
    public LocalQuotaLedger(LongSupplier nanoClock, int accountsMax) {
        super(nanoClock, FOR_EVER, accountsMax, false);
    }

    @Override
    public Meter meter(String deployment, String principal, QuotaUnit unit, long limit) {
        return unit == QuotaUnit.UTILIZATION
                ? new LeakyBucket(unit, limit)
                : new SlidingWindow(unit, limit, unit.cellNanos());
    }

    @Override
    public Slots slots(String deployment, String principal, IntSupplier open) {
        return Slots.OWN;
    }

    @Override
    public void close() {}
}
