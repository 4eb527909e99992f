package headgate.filters.quota;

import headgate.filters.json.JsonScanner;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens a request may use, judged by its body alone (CONTRACT.md, section 6).
 *
 * @param promptTokens the prompt's characters / 4, rounded up; where it came as tokens, so many; at least 1
 * @param completionTokens the tokens that may be made, for every choice; 0 where the caller set no bound
 */
record TokenEstimate(long promptTokens, long completionTokens) {
    static final long CHARACTERS_OF_TOKEN = 4;

    /** Of no request. */
    static final TokenEstimate NONE = new TokenEstimate(0, 0);

    /** A bound that no sum of a few such numbers overflows. */
    static final long TOKENS_MAX = 1L << 36;

    /** The estimate for a body that is complete; null for one that is no JSON. */
    static TokenEstimate of(@Nullable JsonScanner body) {
        if (body == null) {
            return new TokenEstimate(1, 0);
        }
        long prompt = ofCharacters(body.textCharacters()) + body.promptTokens();
        long most = Math.max(body.maxTokens(), Math.max(body.maxCompletionTokens(), body.maxOutputTokens()));
        long choices = Math.max(1, Math.max(body.choices(), body.bestOf()));
        return new TokenEstimate(Math.max(1, Math.min(TOKENS_MAX, prompt)), times(Math.max(0, most), choices));
    }

    /** The tokens of so many characters of text. */
    static long ofCharacters(long characters) {
        return (characters + CHARACTERS_OF_TOKEN - 1) / CHARACTERS_OF_TOKEN;
    }

    long tokens() {
        return promptTokens + completionTokens;
    }

    private static long times(long most, long choices) {
        return most > TOKENS_MAX / choices ? TOKENS_MAX : most * choices;
    }
}
