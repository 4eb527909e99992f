package headgate.filters.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Bodies by the grammar with the names that mean something, and what becomes of them after some accidents. */
final class JsonDocuments {
    private static final Arbitrary<String> SPACE = Arbitraries.of("", "", "", "", "", " ", "\n\t", "\r\n        ");
    private static final Arbitrary<String> PIECE = Arbitraries.of(
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
            "\u007f");
    private static final Arbitrary<String> TEXT =
            PIECE.list().ofMaxSize(6).map(pieces -> "\"" + String.join("", pieces) + "\"");
    private static final Arbitrary<String> KNOWN = Arbitraries.of(KnownName.class)
            .map(name ->
                    name == KnownName.ID_OF_SOMETHING ? "call_id" : name.name().toLowerCase(Locale.ROOT))
            .map(name -> "\"" + name + "\"");
    private static final Arbitrary<String> ODD =
            Arbitraries.of("\"mod\\u0065l\"", "\"\\u006eame\"", "\"content\"", "\"\"", "\"Model\"", "\"_id\"");
    private static final Arbitrary<String> NAME = Arbitraries.oneOf(KNOWN, KNOWN, KNOWN, KNOWN, ODD, TEXT);
    private static final Arbitrary<String> NUMBER = Arbitraries.of(
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
            "1e30");
    private static final Arbitrary<String> SCALAR =
            Arbitraries.oneOf(TEXT, NUMBER, Arbitraries.of("true", "false", "null", "\"system\"", "\"user\"", "\"m\""));

    private JsonDocuments() {}

    static Arbitrary<byte[]> valid() {
        return object(4).map(body -> body.getBytes(UTF_8));
    }

    /** A valid body after one to three accidents. */
    static Arbitrary<byte[]> broken() {
        Arbitrary<List<Accident>> accidents = Combinators.combine(
                        Arbitraries.doubles().between(0, 1).ofScale(3),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(
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
                                "\"model\":\"x\","))
                .as(Accident::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
        return Combinators.combine(valid(), accidents).as((body, list) -> {
            String text = new String(body, ISO_8859_1);
            for (Accident accident : list) {
                text = accident.happen(text);
            }
            return text.getBytes(ISO_8859_1);
        });
    }

    /** Bytes are characters here. Up to {@code cut} bytes are lost, and {@code put} comes in their place. */
    private record Accident(double where, int cut, String put) {
        String happen(String text) {
            int from = (int) (where * text.length());
            int to = Math.min(text.length(), from + cut);
            return text.substring(0, from) + put + text.substring(to);
        }
    }

    private static Arbitrary<String> value(int depth) {
        return depth == 0
                ? SCALAR
                : Arbitraries.oneOf(
                        SCALAR,
                        SCALAR,
                        Arbitraries.lazy(() -> object(depth - 1)),
                        Arbitraries.lazy(() -> array(depth - 1)));
    }

    private static Arbitrary<String> object(int depth) {
        Arbitrary<String> member = Combinators.combine(SPACE, NAME, SPACE, value(depth))
                .as((a, name, b, value) -> a + name + b + ":" + a + value);
        return member.list().ofMaxSize(5).map(members -> "{" + String.join(",", members) + "}");
    }

    private static Arbitrary<String> array(int depth) {
        Arbitrary<String> element =
                Combinators.combine(SPACE, value(depth), SPACE).as((a, value, b) -> a + value + b);
        return element.list().ofMaxSize(4).map(elements -> "[" + String.join(",", elements) + "]");
    }
}
