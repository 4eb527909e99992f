package headgate.filters;

/**
 * Tokens, as the upstream reported them; -1 where it said nothing.
 *
 * @param promptTokens tokens of the prompt, cached ones included
 * @param completionTokens tokens of the completion, reasoning ones included
 * @param cachedTokens tokens of the prompt that came from a cache
 * @param reasoningTokens tokens of the completion that the caller does not see
 */
public record Usage(long promptTokens, long completionTokens, long cachedTokens, long reasoningTokens) {}
