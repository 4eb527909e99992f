package headgate.filters.content;

import headgate.conf.ContentFilterConfig.Action;

/**
 * One list or one pattern of a policy.
 *
 * @param kind of what it is
 * @param name the list's or the pattern's, as annotations tell it
 * @param action what follows where it is found
 */
public record TextRule(Kind kind, String name, Action action) {
    /** Of what it is; annotations differ. */
    public enum Kind {
        BLOCKLIST,
        PATTERN
    }
}
