package headgate.filters.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * Bodies by the grammar with the names that mean something, and what becomes of them after some accidents.
 *
 * <p>The same seed makes the same bodies, so that what failed once can be looked at.
 */
final class JsonDocuments {
    private static final String[] SPACES = {"", "", "", "", "", " ", "\n\t", "\r\n        "};
    private static final String[] PIECES = {
        "a",
        "word ",
        "0123456789abcdefghij",
        "é",
        "€",
        "😀",
        "日本語",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0041",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\uDC00",
        "{",
        "]",
        ":",
        "'",
        "\u007f"
    };
    private static final String[] ODD_NAMES = {
        "\"mod\\u0065l\"", "\"\\u006eame\"", "\"content\"", "\"\"", "\"Model\"", "\"_id\""
    };
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "7",
        "-12",
        "1.5",
        "0.25e2",
        "1e3",
        "2E-1",
        "-1e+2",
        "12345678901234567890",
        "9223372036854775807",
        "1e30"
    };
    private static final String[] WORDS = {"true", "false", "null", "\"system\"", "\"user\"", "\"m\""};
    private static final KnownName[] KNOWN = KnownName.values();

    /** What an accident puts in; characters are bytes. */
    private static final String[] DEBRIS = {
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        "1",
        "-",
        "e",
        ".",
        "t",
        "null",
        "\\",
        "\\u12",
        " ",
        "\u0000",
        "\n",
        "\u001f",
        "\u0080",
        "\u00c0",
        "\u00c3",
        "\u00e0",
        "\u00ed\u00a0\u0080",
        "\u00f4\u0090",
        "\u00ff",
        "\u00ef\u00bb\u00bf",
        "\"model\":\"x\","
    };

    private static final int DEPTH = 4;

    private final Random random;

    JsonDocuments(long seed) {
        random = new Random(seed);
    }

    byte[] valid() {
        return object(DEPTH).getBytes(UTF_8);
    }

    /** A valid body after one to three accidents: up to three bytes are lost, and something comes in their place. */
    byte[] broken() {
        String text = new String(valid(), ISO_8859_1);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(4));
            text = text.substring(0, from) + any(DEBRIS) + text.substring(to);
        }
        return text.getBytes(ISO_8859_1);
    }

    private String object(int depth) {
        return some(5, "{", "}", () -> space() + name() + space() + ":" + space() + value(depth - 1));
    }

    private String array(int depth) {
        return some(4, "[", "]", () -> space() + value(depth - 1) + space());
    }

    private String value(int depth) {
        return switch (depth <= 0 ? 0 : random.nextInt(4)) {
            case 2 -> object(depth);
            case 3 -> array(depth);
            default -> scalar();
        };
    }

    private String scalar() {
        return switch (random.nextInt(3)) {
            case 0 -> text();
            case 1 -> any(NUMBERS);
            default -> any(WORDS);
        };
    }

    private String name() {
        return switch (random.nextInt(6)) {
            case 0 -> any(ODD_NAMES);
            case 1 -> text();
            default -> known();
        };
    }

    private String known() {
        KnownName name = KNOWN[random.nextInt(KNOWN.length)];
        return "\""
                + (name == KnownName.ID_OF_SOMETHING ? "call_id" : name.name().toLowerCase(Locale.ROOT)) + "\"";
    }

    private String text() {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(any(PIECES));
        }
        return text.append('"').toString();
    }

    private String space() {
        return any(SPACES);
    }

    private String some(int max, String open, String close, Supplier<String> element) {
        StringJoiner all = new StringJoiner(",", open, close);
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            all.add(element.get());
        }
        return all.toString();
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
