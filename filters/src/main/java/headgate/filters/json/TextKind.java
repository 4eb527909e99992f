package headgate.filters.json;

/** Where in a request a text stands that a model would read. */
public enum TextKind {
    /** What was said so far: {@code messages} and {@code prediction}. */
    MESSAGE,
    /** The top-level {@code system}, or a message or input item whose role is {@code system} or {@code developer}. */
    SYSTEM,
    /** {@code prompt} and {@code suffix}. */
    PROMPT,
    /** {@code input}. */
    INPUT,
    /** {@code instructions}. */
    INSTRUCTIONS,
    /** Who speaks, which models are told: one of a few words, as far as upstreams check it. It counts for no text's length. */
    ROLE,
    /**
     * Descriptions of tools and of the answer's form, what tools were called with, and what they answered: a message whose
     * role is {@code tool} or {@code function}, or the {@code output} of an input item.
     */
    TOOL
}
