package headgate.filters.fetch;

/**
 * What was fetched.
 *
 * @param status as it came; redirects are not followed
 * @param retryAfterSeconds how long nobody should ask again, in whole seconds; 0 where the answer does not say
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FetchAnswer(int status, int retryAfterSeconds, byte[] body) {}
