package headgate.filters.http;

/**
 * A message whose framing cannot be trusted; the connection it came on must end.
 *
 * <p>Stackless, since hostile input must be cheap.
 */
public final class FramingException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Says what is wrong.
     *
     * @param status the HTTP status that tells the sender, 4xx or 5xx
     * @param message what was found and what was expected
     */
    public FramingException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What was found and what was expected. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The HTTP status that tells the sender. */
    public int status() {
        return status;
    }
}
