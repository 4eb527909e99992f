package headgate.filters.content;

/**
 * What a policy forbids by itself, without asking anybody: words and patterns, for one source.
 *
 * <p>Immutable, shared by all event loops; a change of a list makes new ones.
 */
public interface TextRules {
    /** Whether there is nothing to look for. */
    boolean isEmpty();

    /** A scan for one pipeline. */
    TextScan newScan();
}
