package headgate.filters.content.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A stream, however its texts are split into events, says what the whole answer would have said. */
final class StreamAgainstWholeTest {
    private static final int ROUNDS = 400;
    private static final String[] PIECES = {
        "block",
        "me",
        "blockme",
        " ",
        "for",
        "bidden",
        "\\n",
        "phrase",
        "x",
        "4111",
        "1111 ",
        "坏",
        "词",
        "\\u574f",
        "\\u0062",
        "\\ud83d\\ude00",
        "é",
        "Block\\u00adMe",
        "-",
        "secret-1",
        "23",
        ".",
        "ada@exa",
        "mple.com",
        "\\\\",
        "\\\""
    };
    private static final String[] LISTS = {
        "blocklists: { words: { items: [forbidden phrase, 坏词, blockme, { pattern: \"secret-[0-9]{3}\", isRegex: true }] } }"
    };
    private static final String BLOCKS = "customBlocklists: [{ blocklistName: words, source: Completion }]";
    private static final String MASKS = "patterns: [{ name: PaymentCard, source: Completion, action: mask },"
            + " { name: Email, source: Completion, action: mask }]";

    @Test
    void both_say_the_same() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            int choices = 1 + random.nextInt(2);
            List<List<String>> texts = new ArrayList<>();
            StringBuilder whole = new StringBuilder("{\"choices\":[");
            for (int i = 0; i < choices; i++) {
                texts.add(text(random));
                whole.append(i == 0 ? "" : ",").append("{\"index\":").append(i).append(",\"message\":{\"content\":\"");
                texts.get(i).forEach(whole::append);
                whole.append("\"},\"finish_reason\":\"stop\"}");
            }
            String policy = random.nextBoolean() ? BLOCKS + ", " + MASKS : random.nextBoolean() ? BLOCKS : MASKS;
            try (FilteredAnswer expected = answer(choices, policy).whole();
                    FilteredAnswer streamed = answer(choices, policy).stream()) {
                expected.part(whole + "]}");
                expected.end();
                stream(streamed, texts, random);
                for (int i = 0; i < choices; i++) {
                    String wanted = texts(expected.passed(), i);
                    assertThat(Chunks.read(streamed.passed(), i))
                            .as("seed %d, choice %d", seed, i)
                            .isEqualTo(wanted);
                }
                assertThat(streamed.complete()).as("seed %d", seed).isTrue();
                assertThat(streamed.heldBytes.held()).isZero();
            }
        }
    }

    private static void stream(FilteredAnswer answer, List<List<String>> texts, Random random) {
        List<List<String>> left = new ArrayList<>();
        texts.forEach(text -> left.add(new ArrayList<>(text)));
        StringBuilder burst = new StringBuilder();
        for (int open = left.size(); open > 0; ) {
            int choice = random.nextInt(left.size());
            List<String> text = left.get(choice);
            if (text == null) {
                continue;
            }
            int count = Math.min(text.size(), random.nextInt(3));
            StringBuilder raw = new StringBuilder();
            for (int i = 0; i < count; i++) {
                raw.append(text.remove(0));
            }
            burst.append(Chunks.text(choice, raw.toString()));
            if (text.isEmpty()) {
                burst.append(Chunks.finish(choice, "stop"));
                left.set(choice, null);
                open--;
            }
            if (random.nextInt(3) == 0) {
                answer.part(burst.toString());
                burst.setLength(0);
            }
        }
        answer.part(burst + Chunks.DONE);
        answer.end();
    }

    /** Its characters one by one, so that the stream may be split between any two; an escape is one. */
    private static List<String> text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        List<String> characters = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int length = text.charAt(at) != '\\' ? 1 : text.charAt(at + 1) == 'u' ? 6 : 2;
            characters.add(text.substring(at, at + length));
            at += length;
        }
        return characters;
    }

    private static String texts(String answer, int choice) {
        return Chunks.read("data:" + answer.replace("\"message\"", "\"delta\""), choice);
    }

    private static FilteredAnswer answer(int choices, String policy) {
        return new FilteredAnswer("chat/completions", choices, policy, Map.of(), LISTS);
    }
}
