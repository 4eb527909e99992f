package headgate.conf.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which word was meant. */
final class Spelling {
    private static final int CHARS_MAX = 64;

    private Spelling() {}

    /** {@code " (did you mean WORD?)"}, or nothing when no word is near. */
    static String hint(String written, Collection<String> words) {
        if (written.length() > CHARS_MAX) {
            return "";
        }
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(written, word)))
                .filter(word -> near(written, word))
                .map(word -> " (did you mean " + word + "?)")
                .orElse("");
    }

    /** About one slip in three letters, and something in common. */
    private static boolean near(String written, String word) {
        int distance = distance(written, word);
        return distance <= Math.max(1, word.length() / 3) && distance < written.length();
    }

    /** Levenshtein's distance, regardless of case, with one row of the table at a time. */
    private static int distance(String written, String word) {
        String a = written.toLowerCase(Locale.ROOT);
        String b = word.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
