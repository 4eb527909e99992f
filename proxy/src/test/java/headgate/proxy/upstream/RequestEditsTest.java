package headgate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.proxy.upstream.SentRequest.Way;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is changed in a body on its way, each case held, streamed whole, and streamed byte by byte. */
final class RequestEditsTest {
    private static final Way CHAT = new Way("/openai/v1/chat/completions", "openai", false);
    private static final Way AZURE = new Way("/openai/v1/chat/completions", "azure", false);
    private static final Way DROPS = new Way("/models/chat/completions?api-version=2024-05-01", "openai", true);
    private static final String MODEL = "\"up\\\"stream\"";

    @Test
    void theModelIsReplacedWhereItStandsAndAllElseStays() {
        expect(CHAT, "{ \"n\" : 1 , \"model\":  \"gpt\"\n, \"x\":[1.0e+0,\"\\u0041\"] }\n", false)
                .isEqualTo("{ \"n\" : 1 , \"model\":  " + MODEL + "\n, \"x\":[1.0e+0,\"\\u0041\"] }\n");
    }

    @Test
    void aModelWhoseNameIsEscapedIsReplacedToo() {
        expect(CHAT, "{\"mod\\u0065l\":\"gpt\"}", false).isEqualTo("{\"mod\\u0065l\":" + MODEL + "}");
    }

    @Test
    void aMissingModelIsPutInFrontOfTheClosingBrace() {
        expect(CHAT, "{\"n\":1}", false).isEqualTo("{\"n\":1,\"model\":" + MODEL + "}");
        expect(CHAT, "{}", false).isEqualTo("{\"model\":" + MODEL + "}");
        expect(CHAT, " { } ", false).isEqualTo(" { \"model\":" + MODEL + "} ");
    }

    @Test
    void aModelThatIsNullIsReplacedAndNotGivenTwice() {
        expect(CHAT, "{\"model\":null,\"n\":1}", false).isEqualTo("{\"model\":" + MODEL + ",\"n\":1}");
    }

    @Test
    void whiteSpaceBehindTheDocumentDoesNotLetTheBraceGoBeforeTheLastEdit() {
        expect(CHAT, "{\"stream\":true}\r\n\r\n", true)
                .isEqualTo("{\"stream\":true,\"model\":" + MODEL
                        + ",\"stream_options\":{\"include_usage\":true}}\r\n\r\n");
    }

    @Test
    void anUpstreamThatTakesTheModelFromThePathGetsTheBodyAsItCame() {
        expect(AZURE, "{\"model\":\"gpt\",\"n\":1}", false).isEqualTo("{\"model\":\"gpt\",\"n\":1}");
        expect(AZURE, "{\"model\":null}", false).isEqualTo("{\"model\":null}");
    }

    @Test
    void usageIsAskedForInTheOptionsThatTheCallerGave() {
        String asked = "{\"stream\":true,\"stream_options\":";
        expect(AZURE, asked + "{}}", true).isEqualTo(asked + "{\"include_usage\":true}}");
        expect(AZURE, asked + "{\"a\":1}}", true).isEqualTo(asked + "{\"include_usage\":true,\"a\":1}}");
        expect(AZURE, asked + "{\"include_usage\":false}}", true).isEqualTo(asked + "{\"include_usage\":true}}");
        expect(AZURE, asked + "null}", true).isEqualTo(asked + "{\"include_usage\":true}}");
    }

    @Test
    void anEmptyObjectOfOptionsStaysValidWhateverWhiteSpaceItHas() {
        expect(AZURE, "{\"stream\":true,\"stream_options\":{ \n}}", true)
                .isEqualTo("{\"stream\":true,\"stream_options\":{\"include_usage\":true \n}}");
    }

    @Test
    void aCallerWhoAsksForUsageKeepsItsEvent() {
        String body = "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
        expect(AZURE, body, false).isEqualTo(body);
    }

    @Test
    void ofTwoStreamOptionsTheLastDecidesWhetherTheCallerKeepsItsEvent() {
        String asks = "{\"stream\":true,\"stream_options\":{},\"stream_options\":{\"include_usage\":true}}";
        assertThat(SentRequest.whole(AZURE, asks).asksUsage()).as("held").isFalse();
        assertThat(SentRequest.streamed(AZURE, asks, everywhere(asks)).asksUsage())
                .as("streamed: the first was changed before the second came, but the second is what the upstream obeys")
                .isFalse();

        String doesNot = "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"stream_options\":{}}";
        SentRequest streamed = SentRequest.streamed(AZURE, doesNot, everywhere(doesNot));
        assertThat(streamed.asksUsage()).as("streamed").isTrue();
        assertThat(JsonTree.of(streamed.body())).containsEntry("stream_options", Map.of("include_usage", true));
    }

    @Test
    void anAnswerThatDoesNotStreamIsNotAskedForUsage() {
        expect(AZURE, "{\"stream\":false,\"stream_options\":{}}", false)
                .isEqualTo("{\"stream\":false,\"stream_options\":{}}");
        expect(AZURE, "{\"n\":1}", false).isEqualTo("{\"n\":1}");
        expect(new Way("/openai/v1/responses", "azure", false), "{\"stream\":true,\"model\":\"m\"}", false)
                .isEqualTo("{\"stream\":true,\"model\":\"upstream\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'x':1,'n':2,'model':'m'} | {'model':M}",
                "{'n':2} | {'model':M}",
                "{'model':'m','x':1} | {'model':M}",
                "{'x':1,'model':'m','y':2,'seed':3,'z':{'model':1}} | {'model':M,'seed':3}",
                "{ 'x':1 , 'y':2 , 'seed':3 , 'z':4 , 'stop':null } | { 'seed':3 , 'stop':null,'model':M}",
                "{'x':1} | {'model':M}",
                "{'x':1,'stream':true} | {'stream':true,'model':M,'stream_options':{'include_usage':true}}",
            })
    void droppedFieldsAreCutOutWithOneComma(String body, String expected) {
        String sent = expected.replace('\'', '"').replace("M", MODEL);
        String given = body.replace('\'', '"');
        for (SentRequest request : new SentRequest[] {
            SentRequest.whole(DROPS, given), SentRequest.streamed(DROPS, given, everywhere(given))
        }) {
            assertThat(JsonTree.of(request.body())).as(request.body()).isEqualTo(JsonTree.of(sent));
            assertThat(JsonTree.names(request.body()).values())
                    .as("no name twice")
                    .containsOnly(1);
        }
    }

    private static AbstractStringAssert<?> expect(Way way, String body, boolean asksUsage) {
        SentRequest held = SentRequest.whole(way, body);
        assertThat(held.asksUsage()).as("held: asks for usage").isEqualTo(asksUsage);
        for (SentRequest streamed :
                new SentRequest[] {SentRequest.streamed(way, body), SentRequest.streamed(way, body, everywhere(body))
                }) {
            assertThat(streamed.body()).as("streamed as it was held").isEqualTo(held.body());
            assertThat(streamed.asksUsage()).as("streamed: asks for usage").isEqualTo(asksUsage);
        }
        return assertThat(held.body());
    }

    private static int[] everywhere(String body) {
        return IntStream.range(1, body.length()).toArray();
    }
}
