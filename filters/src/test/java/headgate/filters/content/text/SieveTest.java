package headgate.filters.content.text;

import static headgate.filters.content.text.Scanned.found;
import static headgate.filters.content.text.Scanned.utf8;
import static headgate.filters.content.text.Scanned.words;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.content.TextScan;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Words are found wherever they stand, though only few places of a text are looked at. */
final class SieveTest {
    /** By the shortest beginning: seven letters, five, too few; and words that begin with other letters among them. */
    private static final String[][] LISTS = {
        {"forbidden", "blocked", "prohibited thing", "illicit-goods", "1234567"},
        {"taboo", "banned1", "forbidden", "xtc99 deal"},
        {"none", "42nd street", "forbidden", "ABCD"},
        {"verboten", "über", "字词", "ünfug treiben", "Forbidden"},
        {"ab", "forbidden", "c++"},
    };

    /** Behind each of these begins a word. */
    private static final List<String> FRONTS =
            List.of("", " ", ".", "\\n", "\\\"", "\\\\", "\\/", "\\u000a", "\\\\\\n", "\\".repeat(9) + "n", "é ", "。");

    private static final List<UnaryOperator<String>> DISGUISES = List.of(
            word -> word,
            word -> word.toUpperCase(Locale.ROOT),
            word -> escaped(word, 0),
            word -> escaped(word, 3),
            word -> escaped(word, 6),
            word -> escaped(word, word.length()),
            word -> word.charAt(0) + "\u200b" + word.substring(1),
            word -> word.substring(0, word.length() - 1) + "\\u200d" + word.charAt(word.length() - 1),
            word -> (char) (word.charAt(0) - '!' + '\uff01') + word.substring(1));

    @Test
    void a_word_is_found_at_every_place_in_every_disguise() {
        for (String[] list : LISTS) {
            TextScan scan = words(false, false, list).newScan();
            String word = list[1];
            for (UnaryOperator<String> disguise : DISGUISES) {
                for (String front : FRONTS) {
                    for (int place = 0; place < 40; place++) {
                        String before = "mostly harmless. ".repeat(4).substring(68 - place) + front;
                        String written = isAscii(word) ? disguise.apply(word) : word;
                        int start = utf8(before).length;
                        int end = start + utf8(written).length;
                        String expected = word + "[" + start + "," + end + ")";
                        if (place > 0 && front.isEmpty() && Character.isLetter(before.charAt(place - 1))) {
                            continue;
                        }
                        for (String behind : List.of("", ".", " and what follows is harmless again")) {
                            assertThat(found(scan, utf8(before + written + behind)))
                                    .as("%s in %s", word, before + written + behind)
                                    .contains(expected);
                        }
                    }
                }
            }
        }
    }

    /** A part of one byte is read letter by letter. */
    @Test
    void what_is_found_does_not_depend_on_where_a_text_is_divided() {
        List<String> between = List.of(
                " ",
                " ",
                " ",
                ", ",
                ". ",
                "\\n",
                "\\n\\n",
                "\\\"",
                "\\\\",
                "\\\\\\\\",
                "\\t",
                "\\/",
                "\\b",
                "\\u0041",
                "\\u000a",
                "\\ud83d\\ude00",
                "\u200b",
                "ü",
                "字",
                "",
                "n",
                "u",
                "'s ",
                "-",
                "plain text that says nothing ",
                "x".repeat(20));
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            String[] list = LISTS[seed % LISTS.length];
            List<String> pieces = Stream.concat(
                            between.stream(), Arrays.stream(list).flatMap(word -> pieces(word, random)))
                    .toList();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            byte[] raw = utf8(text.toString());
            TextScan scan = words(false, seed % 3 == 0, list).newScan();
            List<String> expected =
                    found(scan, raw, IntStream.range(0, raw.length).map(i -> 1).toArray());
            assertThat(found(scan, raw)).as("seed %d: %s", seed, text).isEqualTo(expected);
            int first = random.nextInt(raw.length + 1);
            int second = random.nextInt(raw.length + 1 - first);
            assertThat(found(scan, raw, first, second))
                    .as("seed %d, divided behind %d and %d more: %s", seed, first, second, text)
                    .isEqualTo(expected);
        }
    }

    private static Stream<String> pieces(String word, Random random) {
        int at = random.nextInt(word.length());
        UnaryOperator<String> disguise = DISGUISES.get(random.nextInt(DISGUISES.size()));
        return Stream.of(
                word, isAscii(word) ? disguise.apply(word) : word, word.substring(0, at), word.replace(" ", " \\n "));
    }

    private static boolean isAscii(String word) {
        return word.chars().allMatch(c -> c > ' ' && c < 0x80);
    }

    private static String escaped(String word, int at) {
        int escaped = Math.min(at, word.length() - 1);
        return word.substring(0, escaped)
                + String.format("\\u%04x", (int) word.charAt(escaped))
                + word.substring(escaped + 1);
    }
}
