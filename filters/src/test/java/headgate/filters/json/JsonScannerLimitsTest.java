package headgate.filters.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerLimitsTest {
    @Test
    void aBodyMayBeNestedAsDeepAsAllowedAndNoDeeper() {
        JsonScanner scanner = new JsonScanner(3, 0);

        assertThat(scan(scanner, "{\"a\":[1]}").error()).isNull();
        assertThat(scan(scanner, "{\"a\":[[],{}]}").error()).isNull();
        assertRefused(scan(scanner, "{\"a\":[[[]]]}"), 7, "deeper than 3");
        assertRefused(scan(scanner, "{\"a\":[[{}]]}"), 7, "deeper than 3");
        assertThat(scan(new JsonScanner(1, 0), "{\"a\":1}").error()).isNull();
        assertRefused(scan(new JsonScanner(1, 0), "{\"a\":[]}"), 5, "deeper than 1");
    }

    @Test
    void aBodyMayHoldAsManyTextsAsAllowedAndNoMore() {
        JsonScanner scanner = new JsonScanner(3, 2);

        assertThat(scan(scanner, "{\"prompt\":[\"a\"]}").error()).isNull();
        assertThat(scan(scanner, "{\"prompt\":[\"a\",\"b\"],\"user\":\"c\"}").error())
                .isNull();
        assertRefused(scan(scanner, "{\"prompt\":[\"a\",\"b\",\"c\"]}"), 20, "more than 2 texts");
        assertRefused(scan(new JsonScanner(3, 0), "{\"prompt\":\"a\"}"), 11, "more than 0 texts");
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 32, 33, 63, 64, 65, 99})
    void textsAreKeptWhileRoomGrows(int count) {
        String body = "{\"prompt\":"
                + IntStream.range(0, count).mapToObj(i -> "\"t" + i + "\"").collect(Collectors.joining(",", "[", "]}"));

        assertThat(scan(new JsonScanner(3, 99), body).texts())
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(i -> "PROMPT t" + i).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 32, 33, 1023, 1024})
    void topLevelMembersAreKeptUpToTheirBound(int count) {
        Scan scan = scan(new JsonScanner(1, 0), members(count));

        assertThat(scan.error()).isNull();
        assertThat(scan.members()).hasSize(count);
        assertThat(scan.members().get(count - 1)).startsWith("m" + (count - 1) + "@");
    }

    @Test
    void oneTopLevelMemberMoreIsRefusedWhereItsNameBegins() {
        String body = members(1025);

        assertRefused(scan(new JsonScanner(1, 0), body), body.lastIndexOf("\"m"), "more than 1024 top-level members");
    }

    @Test
    void topLevelNamesTogetherAreBounded() {
        JsonScanner scanner = new JsonScanner(1, 0);
        String half = "h".repeat(MemberSpans.NAME_BYTES_MAX / 2);
        String start = "{\"" + half + "\":1,\"";

        assertThat(scan(scanner, start + half.substring(1) + "\":1}").error()).isNull();
        assertThat(scan(scanner, start + half + "\":1,\"\":1}").members()).hasSize(3);
        assertRefused(
                scan(scanner, start + half + "x\":1}"), start.length() + half.length(), "longer than 16384 bytes");
        assertRefused(
                scan(scanner, start + half + "\":1,\"\\n\":1}"),
                start.length() + half.length() + 5,
                "longer than 16384 bytes");
    }

    @Test
    void anEndlessNameIsRefusedBeforeItEnds() {
        String body = "{\"" + "n".repeat(MemberSpans.NAME_BYTES_MAX + 1);

        assertRefused(scan(new JsonScanner(1, 0), body), body.length() - 1, "longer than 16384 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "255,x",
        "256,x",
        "128,é",
        "85,€",
        "64,😀",
        "256,\\u0078",
        "128,\\u00e9",
        "85,\\ud800",
        "64,\\ud83d\\ude00"
    })
    void aModelMayHaveTwoHundredFiftySixBytes(int count, String letter) {
        JsonScanner scanner = new JsonScanner(1, 0);
        byte[] body = ("{\"model\":\"" + letter.repeat(count) + "\"}").getBytes(UTF_8);
        Scan whole = Scan.of(scanner, body);

        assertThat(whole.error()).isNull();
        assertThat(whole.model()).isNotNull();
        Splits.assertSame(scanner, body, whole);
    }

    @ParameterizedTest
    @CsvSource({
        "257,x,9",
        "129,é,9",
        "86,€,9",
        "257,\\u0078,1546",
        "129,\\u00e9,9",
        "1537,x,1546",
        "65,\\ud83d\\ude00,9"
    })
    void aLongerModelIsRefused(int count, String letter, long offset) {
        JsonScanner scanner = new JsonScanner(1, 0);
        byte[] body = ("{\"model\":\"" + letter.repeat(count) + "\"}").getBytes(UTF_8);
        Scan whole = Scan.of(scanner, body);

        assertRefused(whole, offset, "longer than 256 bytes");
        Splits.assertSame(scanner, body, whole);
    }

    private static String members(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"m" + i + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Scan scan(JsonScanner scanner, String body) {
        return Scan.of(scanner, body.getBytes(UTF_8));
    }

    private static void assertRefused(Scan scan, long offset, String words) {
        assertThat(scan.error()).contains(words);
        assertThat(scan.errorOffset()).isEqualTo(offset);
    }
}
