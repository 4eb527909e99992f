package headgate.loadtest.measure;

/**
 * The times that are measured, from the call's intended start where nothing else is said.
 *
 * <p>Of calls that were answered well, and of those that timed out, which count with their time-out.
 */
public enum Latency {
    /** To the answer's first byte. */
    FIRST_BYTE("first_byte"),
    /** To the first event of a stream. */
    FIRST_EVENT("first_event"),
    /** Between two events of a stream, as the caller saw them. */
    GAP("gap"),
    /** From the moment at which the simulated provider meant an event to leave until the caller had it. */
    DELAY("delay"),
    /** To the answer's last byte. */
    TOTAL("total"),
    /** The same for callers that read slowly, of whom nothing else is timed: the time is theirs, not the target's. */
    SLOW("slow"),
    /** From the intended start until the generator turned to the call: its own lateness, not the target's. */
    LATENESS("lateness"),
    /** How late a timer of the generator was that is due each millisecond: what its own machine adds to any time. */
    HICCUP("hiccup");

    private final String word;

    Latency(String word) {
        this.word = word;
    }

    /** As reports write it. */
    public String word() {
        return word;
    }
}
