package headgate.filters;

/**
 * A call to an upstream that brought the caller nothing.
 *
 * @param upstream the base URL
 * @param why the kind of the error, or the status of an answer that was not taken
 */
public record FailedCall(String upstream, String why) {}
