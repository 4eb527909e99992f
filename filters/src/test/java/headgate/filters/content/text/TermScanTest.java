package headgate.filters.content.text;

import static headgate.filters.content.text.Scanned.found;
import static headgate.filters.content.text.Scanned.raw;
import static headgate.filters.content.text.Scanned.utf8;
import static headgate.filters.content.text.Scanned.words;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.content.TextScan;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TermScanTest {
    private static final Pattern NOTHING = Pattern.compile("[\\p{Cf}\\x{FE0F}]");
    private static final String[] LETTERS = {
        "a", "a", "b", "b", "c", " ", " ", ".", "A", "é", "e\u0301", "\u200b", "ß", "字", "ｂ", "\n", "$", "а"
    };

    private static final String[] HANS = {
        "字", "字", "坏", "坏", "词", "一", "\u9fff", "a", "b", " ", "。", "，", "か", "\u3099", "\u0301", "\u200b", "𠮷"
    };

    @Test
    void words_are_found_as_plain_search_finds_them_at_any_split() {
        for (long seed = 1; seed <= 3000; seed++) {
            Random random = new Random(seed);
            String[] letters = seed % 2 == 0 ? LETTERS : HANS;
            String[] words = Stream.generate(() -> text(letters, random, 1 + random.nextInt(5)))
                    .filter(word -> !normal(word).isBlank())
                    .limit(1 + random.nextInt(6))
                    .distinct()
                    .toArray(String[]::new);
            String text = text(letters, random, random.nextInt(40));
            byte[] raw = raw(text, random, random.nextInt(3) * 10);
            TextScan scan = words(false, false, words).newScan();
            List<String> whole = found(scan, raw);
            assertThat(names(whole))
                    .as("seed %d: %s in %s", seed, List.of(words), text)
                    .isEqualTo(searched(text, words));
            for (int split = 0; split <= raw.length; split++) {
                assertThat(found(scan, raw, split))
                        .as("seed %d, split at %d of %s", seed, split, text)
                        .isEqualTo(whole);
            }
            int[] bytes = new int[raw.length];
            java.util.Arrays.fill(bytes, 1);
            assertThat(found(scan, raw, bytes))
                    .as("seed %d, byte by byte", seed)
                    .isEqualTo(whole);
        }
    }

    /** A part of one byte is read letter by letter, a long one is skimmed. */
    @Test
    void skimming_finds_what_reading_letter_by_letter_finds() {
        String[] pieces = {
            "forbidden",
            "for",
            "bid",
            "bid\\n",
            "no one",
            "none",
            "NONE",
            "42nd",
            "_",
            "n",
            "a",
            "xx yy zz ",
            " ",
            ", ",
            "\\n",
            "\\n\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\t",
            "\\u0041",
            "\\u000a",
            "\\b",
            "ü",
            ".",
            "plain text that says nothing "
        };
        String[][] lists = {
            {"forbidden", "no one", "n", "\"bid"},
            {"forbidden", "no one", "nfor", "n", "bid a"},
            {"forbidden", "none", "42nd", "bid xx yy", "bidfor"},
            {"forbidden", ".none", "\"bidfor", "_42nd"},
        };
        for (int seed = 0; seed < 8000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] raw = utf8(text.toString());
            int[] ones = new int[raw.length];
            Arrays.fill(ones, 1);
            TextScan scan = words(false, false, lists[seed % lists.length]).newScan();
            List<String> expected = found(scan, raw, ones);
            assertThat(found(scan, raw)).as("seed %d: %s", seed, text).isEqualTo(expected);
            int split = random.nextInt(raw.length + 1);
            assertThat(found(scan, raw, split))
                    .as("seed %d at %d: %s", seed, split, text)
                    .isEqualTo(expected);
        }
    }

    @Test
    void ten_thousand_words_are_found_each_in_its_place() {
        Random random = new Random(7);
        String[] words = new String[10_000];
        for (int i = 0; i < words.length; i++) {
            words[i] = "w" + Integer.toString(i * 7919, 36) + (i % 3 == 0 ? " x" + i : i % 3 == 1 ? "longer" : "");
        }
        TextScan scan = words(false, false, words).newScan();
        for (int i = 0; i < 300; i++) {
            int chosen = random.nextInt(words.length);
            String front = "some harmless words, " + "of any length ".repeat(random.nextInt(9));
            String text = front + words[chosen] + ", and more";
            assertThat(names(found(scan, utf8(text), random.nextInt(text.length()))))
                    .as("word %d", chosen)
                    .contains(words[chosen]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bad, bad, 0, 3",
        "bad, 'so bad.', 3, 6",
        "bad, BAD, 0, 3",
        "bad, b\u200bad, 0, 6",
        "bad, '\\u0062ad', 0, 8",
        "bad word, 'bad \\n\\t word', 0, 13",
        "bad, ｂａｄ, 0, 9",
        "über, U\u0308BER, 0, 6",
        "坏, 很坏的, 3, 6",
        "c++, 'in c++ 17', 3, 6",
        "'$$$', 'win$$$now', 3, 6",
        "straße, STRASSE, -1, -1",
        "bad, badly, -1, -1",
        "bad, 'not-a-bad-one', 6, 9",
        "bad, bád, -1, -1",
        "ass, class, -1, -1",
        "ass, 'ass', 0, 3",
        "😀, 'x\\ud83d\\ude00', 1, 13",
        "a b, 'a  b', 0, 4",
    })
    void a_match_has_its_place_in_the_bytes(String word, String raw, long start, long end) {
        String expected = start < 0 ? "[]" : "[" + word + "[" + start + "," + end + ")]";
        assertThat(found(words(false, false, word).newScan(), utf8(raw))).hasToString(expected);
    }

    @Test
    void case_counts_where_it_is_asked_for() {
        assertThat(found(words(true, false, "Bad").newScan(), utf8("bad Bad BAD")))
                .containsExactly("Bad[4,7)");
    }

    @Test
    void letters_that_look_alike_are_the_same_where_it_is_asked_for() {
        byte[] disguised = utf8("b\u0430d b\u0336a\u0336d\u0336 bád в\u0430d");
        assertThat(found(words(false, true, "bad").newScan(), disguised)).hasSize(4);
        assertThat(found(words(false, false, "bad").newScan(), disguised)).isEmpty();
        assertThat(found(words(false, true, "bad").newScan(), utf8("一一\u0301bad")))
                .as("the accent belongs to what stands in front of it, and is left out")
                .containsExactly("bad[8,11)");
    }

    @Test
    void nothing_is_held_back_that_cannot_begin_a_word() {
        TextScan scan = words(false, false, "terrible thing", "bad").newScan();
        assertThat(decided(scan, "Hello")).isEqualTo(5);
        assertThat(decided(scan, "Hello te")).as("te may become terrible").isEqualTo(6);
        assertThat(decided(scan, "Hello at"))
                .as("no word begins inside another")
                .isEqualTo(8);
        assertThat(decided(scan, "a terrible ")).isEqualTo(2);
        assertThat(decided(scan, "a terrible  "))
                .as("more white space changes nothing")
                .isEqualTo(2);
        assertThat(decided(scan, "a terrible\\n \\u00")).isEqualTo(2);
        assertThat(decided(scan, "a terrible b")).isEqualTo(11);
        assertThat(decided(scan, "a bad")).as("it may become badly").isEqualTo(2);
        assertThat(decided(scan, "a bad ")).isEqualTo(6);
        assertThat(decided(scan, "a b\\u00")).isEqualTo(2);
    }

    private static long decided(TextScan scan, String text) {
        scan.begin();
        scan.read(utf8(text), 0, utf8(text).length);
        return scan.decided();
    }

    private static String text(String[] letters, Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private static String normal(String text) {
        return Normalizer.normalize(NOTHING.matcher(text).replaceAll(""), Form.NFKC)
                .replaceAll("\\s+", " ")
                .toUpperCase(Locale.ROOT)
                .replace("SS", "ß")
                .toLowerCase(Locale.ROOT);
    }

    private static Set<String> searched(String text, String[] words) {
        String in = normal(text);
        Set<String> found = new TreeSet<>();
        for (String word : words) {
            String what = normal(word).strip();
            for (int at = in.indexOf(what); at >= 0; at = in.indexOf(what, at + 1)) {
                int end = at + what.length();
                boolean begins = at == 0 || !isWord(in.charAt(at - 1)) || !isWord(what.charAt(0));
                boolean ends = end == in.length() || !isWord(in.charAt(end)) || !isWord(in.charAt(end - 1));
                if (begins && ends) {
                    found.add(word);
                }
            }
        }
        return found;
    }

    private static boolean isWord(char c) {
        return c == '\u0301' || c == '\u3099' || (Character.isLetterOrDigit(c) && c < '\u3040');
    }

    private static Set<String> names(List<String> found) {
        return found.stream()
                .map(match -> match.substring(0, match.lastIndexOf('[')))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
