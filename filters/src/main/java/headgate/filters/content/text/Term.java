package headgate.filters.content.text;

import headgate.filters.content.TextRule;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Words that are looked for, as units of normalised text.
 *
 * @param rule whose they are
 * @param matchCase whether letters' case matters
 * @param units as they were written
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
record Term(TextRule rule, boolean matchCase, int[] units) {
    /** Stands in front of a word where text is compared, so that no word is found inside of another. */
    static final int WORD_BEGINS = Character.MAX_CODE_POINT + 1;

    static Term of(TextRule rule, boolean matchCase, boolean lookalikes, String text) {
        IntStream.Builder units = IntStream.builder();
        Normalizer normalizer = new Normalizer(lookalikes, (unit, start, end) -> units.add(unit));
        normalizer.begin();
        text.strip().codePoints().forEach(unit -> normalizer.character(unit, 0, 0));
        normalizer.flush();
        int[] all = units.build().toArray();
        int from = all.length > 0 && all[0] == ' ' ? 1 : 0;
        int to = all.length > from && all[all.length - 1] == ' ' ? all.length - 1 : all.length;
        return new Term(rule, matchCase, Arrays.copyOfRange(all, from, to));
    }

    /** Whether it must not be followed by more of the same word. */
    boolean endsWord() {
        return Letters.isWord(units[units.length - 1]);
    }

    /** What an automaton reads: units of one case, with a mark where a word begins. */
    int[] symbols(IntUnaryOperator same) {
        IntStream.Builder symbols = IntStream.builder();
        boolean word = false;
        for (int unit : units) {
            if (Letters.isWord(unit) && !word) {
                symbols.add(WORD_BEGINS);
            }
            word = Letters.isWord(unit);
            symbols.add(same.applyAsInt(unit));
        }
        return symbols.build().toArray();
    }

    /** Whether one of its units could come about by a mark that follows a letter. */
    boolean hasMarks() {
        return Arrays.stream(units).anyMatch(unit -> Letters.isMark(unit) || parts(unit) > 1);
    }

    private static int parts(int unit) {
        String parts = java.text.Normalizer.normalize(Character.toString(unit), Form.NFD);
        return parts.codePointCount(0, parts.length());
    }
}
