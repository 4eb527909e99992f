package headgate.filters.content.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words, ready to be looked for: all those for which the same letters are alike.
 *
 * <p>Immutable.
 *
 * @param others for each one, the next of the same letters; -1 when there is none
 * @param lookalikes whether letters that look alike are the same
 * @param longest how many units the longest has
 * @param hasMarks whether a letter that waits for its marks may turn into part of a word
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
record Terms(
        List<Term> terms,
        int[] others,
        boolean lookalikes,
        Automaton automaton,
        Grams grams,
        int longest,
        boolean hasMarks) {
    static Terms of(List<Term> terms, boolean lookalikes) {
        List<int[]> symbols = terms.stream()
                .map(term -> term.symbols(unit -> same(unit, lookalikes)))
                .toList();
        return new Terms(
                List.copyOf(terms),
                others(symbols),
                lookalikes,
                new Automaton(symbols),
                new Grams(symbols),
                terms.stream().mapToInt(term -> term.units().length).max().orElse(1),
                terms.stream().anyMatch(Term::hasMarks));
    }

    /** What stands for a unit and all that are the same. */
    int same(int unit) {
        return same(unit, lookalikes);
    }

    private static int[] others(List<int[]> symbols) {
        Map<String, Integer> last = new HashMap<>();
        int[] others = new int[symbols.size()];
        for (int i = 0; i < others.length; i++) {
            others[i] = -1;
            Integer before = last.put(Arrays.toString(symbols.get(i)), i);
            if (before != null) {
                others[before] = i;
            }
        }
        return others;
    }

    private static int same(int unit, boolean lookalikes) {
        int folded = Letters.fold(unit);
        return lookalikes ? Letters.lookalike(folded) : folded;
    }
}
