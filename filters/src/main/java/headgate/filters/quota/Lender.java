package headgate.filters.quota;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Who lends a node parts of the limits that all nodes share. */
interface Lender {
    /**
     * What is asked for, of one limit.
     *
     * @param limit its name, the same on all nodes
     * @param unit what it counts
     * @param most the limit itself
     * @param cellNanos length of a cell of its window
     * @param cells cells that count, the one in progress included
     * @param wanted how much
     * @param least less is of no use
     * @param ahead for the next cell instead of the one in progress
     * @param birth of the account there, as it was told last; empty when nothing is booked there
     * @param corrections cell to what is added to it
     */
    record Demand(
            String limit,
            QuotaUnit unit,
            long most,
            long cellNanos,
            int cells,
            long wanted,
            long least,
            boolean ahead,
            String birth,
            Map<Long, Long> corrections) {}

    /**
     * What came of it.
     *
     * @param lent how much; -1 when the account there is not the one that was known, and nothing was done
     * @param cell for which cell
     * @param overNanos how long the cell in progress has lasted; 0 where cells never end
     * @param birth of the account there
     * @param free what is left
     * @param waitNanos before which nothing will fit
     * @param resetNanos until nothing counts any more, if nothing else came
     * @param leaving where nothing was lent, in pairs and in order: after how many nanoseconds something leaves, how much
     */
    record Offer(
            long lent,
            long cell,
            long overNanos,
            String birth,
            long free,
            long waitNanos,
            long resetNanos,
            List<Long> leaving) {}

    /** Whether there is anybody to ask about this limit. */
    boolean up(String limit);

    /** Asks; fails when there is no answer in time, and then it may have been done or not. */
    CompletionStage<Offer> ask(Demand demand);
}
