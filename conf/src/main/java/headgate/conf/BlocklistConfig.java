package headgate.conf;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * Forbidden words, by name.
 *
 * @param name as policies and annotations have it
 * @param matchCase whether letters' case matters; default no
 * @param confusables whether letters that look alike count as the same; default no
 * @param items at most 10,000
 */
public record BlocklistConfig(String name, boolean matchCase, boolean confusables, List<Item> items) {
    /** In one list; CONTRACT.md, section 5. */
    public static final int ITEMS_MAX = 10_000;

    /** In one item; CONTRACT.md, section 5. */
    public static final int PATTERN_CHARS_MAX = 1000;

    /**
     * One of them.
     *
     * @param pattern at most 1,000 characters
     * @param isRegex whether it is a regular expression (RE2), or else plain words
     */
    public record Item(String pattern, boolean isRegex) {
        /** Whether it is short enough, and says something: not nothing, and not everything. */
        public boolean isValid() {
            if (pattern.isBlank() || pattern.length() > PATTERN_CHARS_MAX) {
                return false;
            }
            try {
                return !isRegex || !Pattern.compile(pattern).matcher("").find();
            } catch (PatternSyntaxException e) {
                return false;
            }
        }
    }
}
