package headgate.filters.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each byte of a case is one character, so that what is not UTF-8 can be written down too. */
class JsonScannerGrammarTest {
    private final JsonScanner scanner = new JsonScanner(Scan.DEPTH_MAX, Scan.TEXTS_MAX);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " \t\r\n{ \t\r\n} \t\r\n",
                "{\"\":\"\"}",
                "{\"a\":{}}",
                "{\"a\":[]}",
                "{\"a\" : [ [ ] , { } , [ { \"b\" : [ ] } ] ] }",
                "{\"a\":[true,false,null]}",
                "{\"a\":0}",
                "{\"a\":[0,-0,1,-1,10,1.0,0.0,-0.1,1e1,1E1,1e+1,1e-1,0e0,0.5E-07,1234567890123456789012345678901234567890]}",
                "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uABCD\\uabcd\"}",
                "{\"a\":\"\\ud83d\\ude00\"}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"a\":\"\u007f\"}",
                "{\"a\":\"\u00c2\u0080 \u00df\u00bf\"}",
                "{\"a\":\"\u00e0\u00a0\u0080 \u00ed\u009f\u00bf \u00ee\u0080\u0080 \u00ef\u00bf\u00bf\"}",
                "{\"a\":\"\u00f0\u0090\u0080\u0080 \u00f4\u008f\u00bf\u00bf\"}",
                "{\"a\":\"\u00ef\u00bb\u00bf\"}",
                "{\"a\":\"\u00f0\u009f\u0098\u0080\u00f0\u009f\u0098\u0080\u00e2\u0082\u00ac\u00c3\u00a9\u00e2\u0082\u00ac\"}",
                "{\"\u00c3\u00a9\":1,\"a\":1,\"a\":2}",
                "{\"a\":\"0123456701234567012345670123456701234567012345670123456701234567\"}"
            })
    void aDocumentByTheBookPassesWhereverItIsSplit(String body) {
        byte[] bytes = body.getBytes(ISO_8859_1);
        Scan whole = Scan.of(scanner, bytes);

        assertThat(whole.error()).isNull();
        Splits.assertSame(scanner, bytes, whole);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "~~|0|body is empty",
                "~  ~|2|body is empty",
                "[]|0|must be an object",
                "1|0|must be an object",
                "\"a\"|0|must be an object",
                "\u00ef\u00bb\u00bf{}|0|byte order mark",
                "\u00fe\u00ff\u0000{|0|UTF-16",
                "\u00ff\u00fe{\u0000|0|UTF-16",
                "\u0000\u0000\u00fe\u00ff|0|UTF-32",
                "\u0000{\u0000}|0|UTF-16",
                "{\u0000}\u0000|1|UTF-16",
                "{\u0000\u0000\u0000|1|UTF-32",
                "{|1|ends too early, expected a member's name in quotes or '}'",
                "{]|1|expected a member's name in quotes or '}', found ']'",
                "{,}|1|name",
                "{a:1}|1|name",
                "{'a':1}|1|name",
                "{\"a\"}|4|':'",
                "{\"a\" \"b\"}|5|':'",
                "{\"a\":}|5|a value",
                "{\"a\":,}|5|a value",
                "{\"a\"::1}|5|a value",
                "{\"a\":1,}|7|name",
                "{\"a\":1,,}|7|name",
                "{\"a\":1 \"b\":2}|7|',' or '}'",
                "{\"a\":1]|6|',' or '}'",
                "{\"a\":[1}|7|',' or ']'",
                "{\"a\":[1,]}|8|a value",
                "{\"a\":[,1]}|6|a value or ']'",
                "{\"a\":[1 2]}|8|',' or ']'",
                "{\"a\":[}]|6|a value or ']'",
                "{\"a\":[1:2]}|7|',' or ']'",
                "{}{}|2|nothing behind",
                "{} x|3|nothing behind",
                "{}}|2|nothing behind",
                "{}\u0000|2|nothing behind",
                "{/**/}|1|name",
                "{\"a\":1}//|7|nothing behind",
                "{\u000b}|1|found 0x0B",
                "{\u00a0}|1|found 0xA0",
                "{\"a\":tru}|8|the rest of true",
                "{\"a\":True}|5|a value",
                "{\"a\":fals|9|the rest of false",
                "{\"a\":nul1}|8|the rest of null",
                "{\"a\":nulll}|9|',' or '}'",
                "{\"a\":NaN}|5|a value",
                "{\"a\":Infinity}|5|a value",
                "{\"a\":-Infinity}|6|a digit",
                "{\"a\":+1}|5|a value",
                "{\"a\":.5}|5|a value",
                "{\"a\":-}|6|a digit",
                "{\"a\":--1}|6|a digit",
                "{\"a\":01}|6|leading zero",
                "{\"a\":-01}|7|leading zero",
                "{\"a\":1.}|7|a digit",
                "{\"a\":1.e1}|7|a digit",
                "{\"a\":1..1}|7|a digit",
                "{\"a\":1e}|7|a digit",
                "{\"a\":1e+}|8|a digit",
                "{\"a\":1e1.1}|8|',' or '}'",
                "{\"a\":1e1e1}|8|',' or '}'",
                "{\"a\":1e--1}|8|a digit",
                "{\"a\":0x1}|6|',' or '}'",
                "{\"a\":1a}|6|',' or '}'",
                "{\"a\":1-1}|6|',' or '}'",
                "{\"a\":12|7|the rest of a number",
                "{\"a\":\"b|7|the rest of a string",
                "{\"a|3|the rest of a member's name",
                "{\"a\":\"\u0000\"}|6|control character",
                "{\"a\":\"\u001f\"}|6|control character",
                "{\"a\":\"0123456789012345678901234567890123456789\t\"}|46|found 0x09",
                "{\"a\u0001\":1}|3|control character",
                "{\"a\":\"\\x\"}|7|behind a backslash",
                "{\"a\":\"\\\u00c3\u00a9\"}|7|behind a backslash",
                "{\"a\":\"\\U0041\"}|7|behind a backslash",
                "{\"a\":\"\\u12g4\"}|10|hexadecimal",
                "{\"a\":\"\\u123\"}|11|hexadecimal",
                "{\"a\":\"\\u\u00d9\u00a1\"}|8|hexadecimal",
                "{\"a\":\"\\\"}|9|the rest of a string",
                "{\"a\":\"\u0080\"}|6|UTF-8",
                "{\"a\":\"\u00bf\"}|6|UTF-8",
                "{\"a\":\"\u00c0\u0080\"}|6|UTF-8",
                "{\"a\":\"\u00c1\u00bf\"}|6|UTF-8",
                "{\"a\":\"\u00c3\"}   |7|UTF-8",
                "{\"a\":\"\u00c3\u00c3\u00a9\"}|7|UTF-8",
                "{\"a\":\"\u00e0\u009f\u00bf\"}|7|UTF-8",
                "{\"a\":\"\u00e2\u0082\"}   |8|UTF-8",
                "{\"a\":\"\u00e2(\u00a1\"}|7|UTF-8",
                "{\"a\":\"\u00ed\u00a0\u0080\"}|7|UTF-8",
                "{\"a\":\"\u00ed\u00bf\u00bf\"}|7|UTF-8",
                "{\"a\":\"\u00f0\u008f\u00bf\u00bf\"}|7|UTF-8",
                "{\"a\":\"\u00f0\u0090\u0080\"}  |9|UTF-8",
                "{\"a\":\"\u00f0\u0090(\u0080\"}|8|UTF-8",
                "{\"a\":\"\u00f4\u0090\u0080\u0080\"}|7|UTF-8",
                "{\"a\":\"\u00f5\u0080\u0080\u0080\"}|6|UTF-8",
                "{\"a\":\"\u00f8\u0080\u0080\u0080\"}|6|UTF-8",
                "{\"a\":\"\u00ff\"}|6|UTF-8",
                "{\"\u00ff\":1}|2|UTF-8"
            })
    void anythingElseIsRefusedAtItsByteWhereverItIsSplit(String body, long offset, String words) {
        byte[] bytes = body.getBytes(ISO_8859_1);
        Scan whole = Scan.of(scanner, bytes);

        assertThat(whole.error()).contains(words);
        assertThat(whole.errorOffset()).isEqualTo(offset);
        Splits.assertSame(scanner, bytes, whole);
    }
}
