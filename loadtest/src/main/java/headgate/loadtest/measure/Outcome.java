package headgate.loadtest.measure;

import java.util.Locale;

/** How a call ended. */
public enum Outcome {
    /** Answered, whole, and right. */
    GOOD,
    /** The caller left, as the scenario wanted; not an error. */
    ABORTED,
    /** An answer with another status than 200. */
    STATUS,
    /** No connection could be made. */
    CONNECT,
    /** The connection ended before an answer began. */
    RESET,
    /** Nothing, or not all, came within the time-out. */
    TIMEOUT,
    /** The answer stopped before its end, or lacked what must stand there: the last event, or the usage. */
    INCOMPLETE,
    /** The answer belongs to another call. */
    CROSSED,
    /** The answer does not repeat its prompt's mark, or is not HTTP. */
    WRONG,
    /** The call was never sent, because too many waited for a connection. */
    UNSENT;

    /** As reports write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isError() {
        return this != GOOD && this != ABORTED;
    }
}
