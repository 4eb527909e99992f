package headgate.loadtest.calls;

import headgate.loadtest.measure.Outcome;

/** A connection that carries calls to the target; confined to its lane's loop. */
interface CallCarrier {
    /** Whether it takes another call now. */
    boolean hasRoom();

    /** Sends a call; there must be room. */
    void send(Call call);

    /** Ends a call that is under way here before its answer, as callers do who leave; tells the lane. */
    void leave(Call call, Outcome outcome);
}
