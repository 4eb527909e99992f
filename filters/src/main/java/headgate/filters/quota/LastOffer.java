package headgate.filters.quota;

import headgate.filters.quota.Lender.Offer;
import java.util.List;

/**
 * What the lender said last of one limit.
 *
 * @param atNanos when, by the ledger's clock
 * @param cell the cell that was in progress there
 * @param refused whether something was wanted, and nothing lent
 */
record LastOffer(long atNanos, long cell, Offer offer, boolean refused) {
    /** How long a refusal holds without asking again; others may give back meanwhile. */
    private static final long REFUSAL_NANOS = 100_000_000L;

    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Nothing was said yet of a limit of which nothing is known to be used. */
    static LastOffer none(long limit) {
        return new LastOffer(0, LoanBook.UNPLACED, new Offer(0, 0, 0, "", limit, 0, 0, List.of()), false);
    }

    /** Whether there is not so much, as far as is known. */
    boolean refuses(long amount, long now) {
        return refused && amount > offer.free() && now < atNanos + REFUSAL_NANOS;
    }

    /** Whether nothing is lent yet, since the account is too young. */
    boolean young(long now) {
        return offer.lent() == Offer.YOUNG && now < atNanos + offer.waitNanos();
    }

    /** The cell in progress there, as far as can be told; what is booked in it is corrected by what is known later. */
    long cellAt(long now, long cellNanos) {
        return cell + (now - atNanos + offer.overNanos()) / cellNanos;
    }

    /**
     * The last cell that may have been in progress there in the first cell's time of this clock, which begins at 0.
     *
     * @param sentNanos before this was asked for
     */
    long firstCell(long sentNanos, long cellNanos) {
        return cell + Math.floorDiv(cellNanos - 1 - sentNanos + offer.overNanos(), cellNanos);
    }

    /** How long until nothing counts any more, if nothing else came. */
    long resetNanos(long now) {
        return Math.max(0, atNanos + offer.resetNanos() - now);
    }

    /** What counts, as far as was told. */
    long used(QuotaUnit unit, long limit, long now) {
        long reset = resetNanos(now);
        return unit == QuotaUnit.UTILIZATION
                ? (long) Math.ceil((double) reset * limit / MINUTE_NANOS)
                : reset == 0 ? 0 : limit - offer.free();
    }

    /** When the amount fits, if nothing else comes. */
    long waitUntil(long amount) {
        long missing = amount - offer.free();
        long wait = offer.waitNanos();
        for (int i = 0; i + 1 < offer.leaving().size() && missing > 0; i += 2) {
            wait = Math.max(offer.waitNanos(), offer.leaving().get(i));
            missing -= offer.leaving().get(i + 1);
        }
        return atNanos + wait;
    }
}
