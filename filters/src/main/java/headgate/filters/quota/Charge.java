package headgate.filters.quota;

import headgate.filters.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange is charged in the end, in tokens.
 *
 * @param prompt of the prompt, cached ones included
 * @param cached of the prompt, from a cache
 * @param completion of the completion
 */
record Charge(long prompt, long cached, long completion) {
    /**
     * By what the upstream reported, as far as it did; else by the estimate of the prompt and what passed of the completion.
     *
     * @param passedTokens what passed of the completion
     * @param complete whether the answer ended as it should; if it was cut, a count from before the cut may be too low
     */
    static Charge of(TokenEstimate estimate, @Nullable Usage usage, long passedTokens, boolean complete) {
        if (usage == null) {
            return new Charge(estimate.promptTokens(), 0, passedTokens);
        }
        long prompt = usage.promptTokens() >= 0 ? usage.promptTokens() : estimate.promptTokens();
        long completion = complete && usage.completionTokens() >= 0
                ? usage.completionTokens()
                : Math.max(usage.completionTokens(), passedTokens);
        return new Charge(bound(prompt), bound(Math.max(0, usage.cachedTokens())), bound(completion));
    }

    private static long bound(long tokens) {
        return Math.min(TokenEstimate.TOKENS_MAX, tokens);
    }
}
