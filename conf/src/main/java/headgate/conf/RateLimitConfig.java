package headgate.conf;

/**
 * How much may be used; 0 where there is no limit.
 *
 * @param requestsPerMinute calls in any 60 s
 * @param tokensPerMinute tokens in any 60 s
 * @param tokensPerDay tokens in any 24 h
 * @param spendPerDay micro-units of the prices' currency in any 24 h
 * @param concurrent exchanges that are open at once
 */
public record RateLimitConfig(
        long requestsPerMinute, long tokensPerMinute, long tokensPerDay, long spendPerDay, int concurrent) {
    /** No limit at all. */
    public static final RateLimitConfig NONE = new RateLimitConfig(0, 0, 0, 0, 0);

    /** What becomes of an exchange for which there is no room. */
    public enum Mode {
        /** It is refused. */
        ENFORCE,
        /** It passes, and is counted. */
        SHADOW
    }
}
