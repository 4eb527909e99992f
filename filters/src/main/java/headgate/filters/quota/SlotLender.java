package headgate.filters.quota;

import java.util.concurrent.CompletionStage;

/** Who lends a node slots for concurrent exchanges, of limits that all nodes share. */
interface SlotLender {
    /**
     * What is asked for, of one limit; it replaces all that was asked for before.
     *
     * @param limit its name, the same on all nodes
     * @param most the limit itself
     * @param wanted how many in all
     * @param open exchanges in progress
     * @param held how many were lent and may still be used
     */
    record SlotDemand(String limit, int most, int wanted, int open, int held) {}

    /**
     * What came of it.
     *
     * @param lent how many in all, for {@link #LEASE_NANOS} from when it was asked
     * @param others how many all other nodes have
     * @param youngNanos for how long nothing more is lent, since others may still have to tell what they have
     */
    record SlotOffer(int lent, int others, long youngNanos) {}

    /** After this the slots of a node that does not ask go to others. */
    long LEASE_NANOS = 5_000_000_000L;

    /** Whether there is anybody to ask about this limit. */
    boolean up(String limit);

    /** Asks; fails when there is no answer in time, and then it may have been done or not. */
    CompletionStage<SlotOffer> ask(SlotDemand demand);
}
