package headgate.conf;

import java.util.List;

/**
 * Forbidden words, by name.
 *
 * @param name as policies and annotations have it
 * @param matchCase whether letters' case matters; default no
 * @param confusables whether letters that look alike count as the same; default no
 * @param shared whether Redis holds more items, which {@code headgate blocklist} changes
 * @param items at most 10,000
 */
public record BlocklistConfig(String name, boolean matchCase, boolean confusables, boolean shared, List<Item> items) {
    /**
     * One of them.
     *
     * @param pattern at most 1,000 characters
     * @param isRegex whether it is a regular expression (RE2), or else plain words
     */
    public record Item(String pattern, boolean isRegex) {}
}
