package headgate.filters.quota;

/** What a limit counts, and how a caller is told of it. */
public enum QuotaUnit {
    REQUESTS("call rate limit of %d requests per minute"),
    TOKENS("token rate limit of %d tokens per minute"),
    TOKENS_PER_DAY("token rate limit of %d tokens per day"),
    /** Of a provisioned SKU: the level of a leaky bucket, in tokens. */
    UTILIZATION("token rate limit of its provisioned %d tokens per minute"),
    /** Micro-units of the prices' currency. */
    SPEND("spend limit of %d micro-units per day"),
    CONCURRENT("limit of %d concurrent requests");

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final String words;

    QuotaUnit(String words) {
        this.words = words;
    }

    /** The limit in words; for tokens and requests those that clients match on (CONTRACT.md, section 4). */
    String limit(long limit) {
        return String.format(words, limit);
    }

    /** Whether it counts tokens, over whatever time. */
    boolean countsTokens() {
        return this == TOKENS || this == TOKENS_PER_DAY || this == UTILIZATION;
    }

    /** The sixtieth part of the time it is counted over. */
    long cellNanos() {
        return this == TOKENS_PER_DAY || this == SPEND ? 24 * 60 * SECOND_NANOS : SECOND_NANOS;
    }

    /** What of a demand it counts. */
    long of(long requests, long tokens, long microUnits) {
        return this == REQUESTS ? requests : this == SPEND ? microUnits : tokens;
    }
}
