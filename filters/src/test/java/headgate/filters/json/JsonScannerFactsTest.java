package headgate.filters.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerFactsTest {
    @Test
    void theModelIsFoundWithThePlaceOfItsQuotedValue() {
        Scan scan = Scan.of("{\"a\":{\"model\":\"no\"}, \"model\" : \"gpt-4o\" ,\"b\":[]}");

        assertThat(scan.error()).isNull();
        assertThat(scan.model()).as("only a top-level model counts").isEqualTo("gpt-4o");
        assertThat(scan.modelSpan()).containsExactly(31L, 39L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mod\\u0065l\":\"x\"}",
                "{\"\\u006d\\u006f\\u0064\\u0065\\u006c\":\"x\"}",
                "{\"\\u006D\\u006Fdel\":\"\\u0078\"}"
            })
    void anEscapedNameIsTheNameItStandsFor(String body) {
        assertThat(Scan.of(body).model()).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"Model\":\"x\"}", "{\"model \":\"x\"}", "{\"model\\u0000\":\"x\"}", "{\"modem\":\"x\"}", "{}"
            })
    void anyOtherNameIsNotTheModel(String body) {
        Scan scan = Scan.of(body);

        assertThat(scan.error()).isNull();
        assertThat(scan.model()).isNull();
        assertThat(scan.modelSpan()).containsExactly(-1L, -1L);
    }

    @Test
    void escapesInTheModelAreResolved() {
        assertThat(Scan.of("{\"model\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00é\"}")
                        .model())
                .isEqualTo("a\"\\/\b\f\n\r\té€😀é");
    }

    @Test
    void aNullModelIsAbsentButHasAPlaceToPutOneIn() throws JsonException {
        JsonScanner scanner = new JsonScanner(8, 8);
        scanner.feed(Unpooled.wrappedBuffer("{\"model\":null}".getBytes(StandardCharsets.UTF_8)));
        scanner.end();

        assertThat(scanner.hasModel()).isFalse();
        assertThat(scanner.model()).isNull();
        assertThat(scanner.modelStart()).isEqualTo(9);
        assertThat(scanner.modelEnd()).isEqualTo(13);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "{}", "[\"x\"]", "-1"})
    void aModelOfAnotherTypeIsRefusedWhereItBegins(String value) {
        Scan scan = Scan.of("{\"model\":" + value + "}");

        assertThat(scan.error()).contains("expected a string as model");
        assertThat(scan.errorOffset()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"model\"", "\"mod\\u0065l\""})
    void aSecondModelIsRefusedWhereItsNameBegins(String name) {
        Scan scan = Scan.of("{\"model\":null,  " + name + ":\"b\"}");

        assertThat(scan.error()).contains("second top-level \"model\"");
        assertThat(scan.errorOffset()).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"true|true", "false|false", "null|false", "\"true\"|false", "1|false", "[true]|false", "{}|false"})
    void onlyTheLiteralTrueAsksForAStream(String value, boolean expected) {
        Scan scan = Scan.of("{\"stream\":" + value + "}");

        assertThat(scan.stream()).isEqualTo(expected);
        assertThat(scan.streamKnown()).isTrue();
    }

    @Test
    void theLastOfAFactGivenTwiceCounts() {
        Scan scan = Scan.of("{\"stream\":true,\"n\":2,\"stream_options\":{\"include_usage\":true},"
                + "\"stream\":false,\"n\":\"x\",\"stream_options\":null}");

        assertThat(scan.error()).isNull();
        assertThat(scan.stream()).isFalse();
        assertThat(scan.numbers()).containsOnly(-1L);
        assertThat(scan.streamOptionsKind()).isEqualTo(StreamOptionsKind.NULL);
        assertThat(scan.includeUsage()).isFalse();
        assertThat(scan.streamOptions()).containsExactly(101L, 105L, -1L, -1L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|OBJECT|false|-1|-1",
                "{\"include_usage\":true}|OBJECT|true|35|39",
                "{\"include_usage\": false }|OBJECT|false|36|41",
                "{\"include_usage\":true,\"include_usage\":0}|OBJECT|false|56|57",
                "{\"a\":{\"include_usage\":true}}|OBJECT|false|-1|-1",
                "[{\"include_usage\":true}]|OTHER|false|-1|-1",
                "null|NULL|false|-1|-1",
                "\"x\"|OTHER|false|-1|-1",
                "7|OTHER|false|-1|-1",
                "true|OTHER|false|-1|-1"
            })
    void streamOptionsAreSeenWithTheUsageTheyAskFor(
            String value, StreamOptionsKind kind, boolean usage, long start, long end) {
        Scan scan = Scan.of("{\"stream_options\":" + value + "}");

        assertThat(scan.error()).isNull();
        assertThat(scan.streamOptionsKind()).isEqualTo(kind);
        assertThat(scan.includeUsage()).isEqualTo(usage);
        assertThat(scan.streamOptions()).containsExactly(18L, 18L + value.length(), start, end);
    }

    @Test
    void includeUsageElsewhereMeansNothing() {
        Scan scan = Scan.of("{\"include_usage\":[true],\"stream_option\":{\"include_usage\":true},"
                + "\"messages\":{\"include_usage\":true}}");

        assertThat(scan.includeUsage()).isFalse();
        assertThat(scan.streamOptionsKind()).isEqualTo(StreamOptionsKind.ABSENT);
        assertThat(scan.streamOptions()).containsOnly(-1L);
    }

    @Test
    void eachNumberHasItsOwnMember() {
        assertThat(Scan.of(
                                "{\"max_tokens\":1,\"max_completion_tokens\":2,\"max_output_tokens\":3,\"n\":4,\"best_of\":5}")
                        .numbers())
                .containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "-0|0",
                "7|7",
                "-7|0",
                "1e3|1000",
                "1E+3|1000",
                "1500e-3|1",
                "1.9|1",
                "0.9999|0",
                "1.5e3|1500",
                "12.345e2|1234",
                "0.000001e6|1",
                "0e99|0",
                "9223372036854775806|9223372036854775806",
                "9223372036854775807|9223372036854775807",
                "9223372036854775808|9223372036854775807",
                "99999999999999999999e-5|999999999999999",
                "922337203685477580800e-2|9223372036854775807",
                "1e18|1000000000000000000",
                "1e19|9223372036854775807",
                "1e999999999999999|9223372036854775807",
                "1e-999999999999999|0",
                "null|-1",
                "true|-1",
                "\"7\"|-1",
                "[7]|-1",
                "{\"n\":7}|-1"
            })
    void aNumberIsTakenAsWholeAndBounded(String value, long expected) {
        assertThat(Scan.of("{\"n\":" + value + "}").numbers().get(3)).isEqualTo(expected);
    }

    @Test
    void membersAreListedInOrderWithTheirPlaces() {
        Scan scan = Scan.of(" {\"a\" : 1 , \"\\u0062\" : {\"c\":[2]} ,\"\":\"d\"} ");

        assertThat(scan.members()).containsExactly("a@2-9", "b@12-32", "@34-40");
        assertThat(scan.body()).isEqualTo(List.of(1L, 40L));
    }

    @Test
    void aScannerForgetsTheBodyBefore() {
        JsonScanner scanner = new JsonScanner(8, 8);
        String full = "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"n\":1,"
                + "\"max_tokens\":1,\"max_completion_tokens\":1,\"max_output_tokens\":1,\"best_of\":1,"
                + "\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]";
        Scan.of(scanner, full.getBytes(StandardCharsets.UTF_8));
        Scan.of(scanner, "{\"a\":[[tru".getBytes(StandardCharsets.UTF_8));

        byte[] body = "{\"prompt\":\"y\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(Scan.of(scanner, body)).isEqualTo(Scan.of(new JsonScanner(8, 8), body));
    }
}
