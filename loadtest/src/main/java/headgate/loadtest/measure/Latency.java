package headgate.loadtest.measure;

/** The times that are measured, each from the call's intended start except the gaps. */
public enum Latency {
    /** To the answer's first byte. */
    FIRST_BYTE("first_byte"),
    /** To the first event of a stream. */
    FIRST_EVENT("first_event"),
    /** Between two events of a stream, as the caller saw them. */
    GAP("gap"),
    /** To the answer's last byte; a call that timed out counts with its time-out. */
    TOTAL("total"),
    /** From the intended start until the generator turned to the call: its own lateness, not the target's. */
    LATENESS("lateness");

    private final String word;

    Latency(String word) {
        this.word = word;
    }

    /** As reports write it. */
    public String word() {
        return word;
    }
}
