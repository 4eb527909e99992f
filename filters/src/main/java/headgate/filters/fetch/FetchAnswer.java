package headgate.filters.fetch;

/**
 * What was fetched.
 *
 * @param status as it came; redirects are not followed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FetchAnswer(int status, byte[] body) {}
