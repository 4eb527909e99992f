package headgate.filters;

/** The message that tells a caller who waits for {@code 100 Continue} to send the body; written downstream. */
public enum Continue {
    INSTANCE
}
