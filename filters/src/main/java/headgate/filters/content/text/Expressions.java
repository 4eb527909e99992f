package headgate.filters.content.text;

import com.google.re2j.Pattern;
import headgate.filters.content.TextRule;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The regular expressions of one list, ready to be looked for as one (RE2, linear time).
 *
 * <p>Immutable.
 *
 * @param charactersMax the longest match that is sure to be found
 */
record Expressions(TextRule rule, Pattern pattern, boolean lookalikes, int charactersMax) {
    static Expressions of(
            TextRule rule, List<String> written, boolean matchCase, boolean lookalikes, int charactersMax) {
        String any = written.stream().map(one -> "(?:" + one + ")").collect(Collectors.joining("|"));
        Pattern pattern = Pattern.compile(any, matchCase ? 0 : Pattern.CASE_INSENSITIVE);
        return new Expressions(rule, pattern, lookalikes, charactersMax);
    }
}
