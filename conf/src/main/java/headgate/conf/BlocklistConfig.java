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
 * @param shared whether there are more of them in Redis; default no
 * @param items those of the configuration, at most 10,000
 */
public record BlocklistConfig(String name, boolean matchCase, boolean confusables, boolean shared, List<Item> items) {
    /** In one list, wherever they stand; CONTRACT.md, section 5. */
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
        /**
         * Whether it is short enough, and says something: not nothing, and not everything.
         *
         * <p>The expressions of a list are compiled as one: each must end by itself, and none may give a group a name that
         * another one gives as well.
         */
        public boolean isValid() {
            if (pattern.isBlank() || pattern.length() > PATTERN_CHARS_MAX) {
                return false;
            }
            try {
                return !isRegex || saysSomething(Pattern.compile(pattern), Pattern.compile("(?:" + pattern + ")"));
            } catch (PatternSyntaxException e) {
                return false;
            }
        }

        /** What one has to be, in words. */
        public static String expected(boolean isRegex) {
            String what = isRegex
                    ? "an RE2 expression without named groups that does not match the empty text"
                    : "a text that is not blank";
            return what + ", of at most " + PATTERN_CHARS_MAX + " characters";
        }

        private static boolean saysSomething(Pattern alone, Pattern amongOthers) {
            return alone.namedGroups().isEmpty() && !amongOthers.matcher("").find();
        }
    }
}
