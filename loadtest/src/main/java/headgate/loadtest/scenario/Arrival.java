package headgate.loadtest.scenario;

/**
 * One call that is to be made.
 *
 * @param atNanos when it is to begin, after the start of the run
 * @param promptTokens how long its prompt is
 * @param outputTokens how long an answer it asks for
 */
public record Arrival(long atNanos, int promptTokens, int outputTokens) {}
