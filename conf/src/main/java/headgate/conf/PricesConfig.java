package headgate.conf;

/**
 * What tokens cost, in micro-units (millionths of the currency) for a million of them.
 *
 * @param input tokens of the prompt that came from no cache
 * @param cached tokens of the prompt that came from a cache
 * @param output tokens of the completion, reasoning ones included
 */
public record PricesConfig(long input, long cached, long output) {
    /** Far above any model's, and small enough that no sum overflows. */
    private static final long TOKENS_MAX = 1_000_000_000;

    private static final long MILLION = 1_000_000;

    /** The cost in micro-units, rounded up; the cached tokens are among those of the prompt. */
    public long cost(long promptTokens, long cachedTokens, long completionTokens) {
        long prompt = bound(promptTokens);
        long fromCache = Math.min(prompt, bound(cachedTokens));
        long cost = (prompt - fromCache) * input + fromCache * cached + bound(completionTokens) * output;
        return (cost + MILLION - 1) / MILLION;
    }

    private static long bound(long tokens) {
        return Math.max(0, Math.min(TOKENS_MAX, tokens));
    }
}
