package headgate.filters.quota;

import headgate.filters.quota.Borrowing.Account;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Who lends a node parts of the limits that all nodes share. */
interface Lender {
    /**
     * What is asked for, of one limit.
     *
     * @param most the limit itself
     * @param wanted how much; no more than half of what is free is lent
     * @param needed but for this, for which somebody waits
     * @param least less is of no use
     * @param ahead for the next cell instead of the one in progress
     * @param birth of the account there, as it was told last; empty when nothing that still counts is booked there
     * @param countsForNanos where the account is not the one that was known: how long what was booked in that would count
     * @param corrections cell to what is added to it
     */
    record Demand(
            Account account,
            long most,
            long wanted,
            long needed,
            long least,
            boolean ahead,
            String birth,
            long countsForNanos,
            Map<Long, Long> corrections) {}

    /**
     * What came of it.
     *
     * @param lent how much; or {@link #UNKNOWN}, or {@link #YOUNG}
     * @param cell for which cell
     * @param overNanos how long the cell in progress has lasted; 0 where cells never end
     * @param birth of the account there
     * @param free what is left
     * @param waitNanos before which nothing will fit, or be lent
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
            List<Long> leaving) {
        /** The account there is not the one that was known, and nothing was done. */
        static final long UNKNOWN = -1;
        /** All was booked, and nothing is lent before every node has told what it had booked in a lost account. */
        static final long YOUNG = -2;
    }

    /** Whether there is anybody to ask about this limit. */
    boolean up(String limit);

    /**
     * What was asked.
     *
     * @param inTime fails when there is no answer in time, and then it may have been done or not; with a
     *     {@link headgate.filters.redis.RedisAwayException} where it was not
     * @param ever the same, however long it takes
     */
    record Question(CompletionStage<Offer> inTime, CompletionStage<Offer> ever) {}

    /** Asks. */
    Question ask(Demand demand);
}
