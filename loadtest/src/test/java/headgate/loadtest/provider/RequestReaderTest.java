package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final String FULL =
            "{\"stream\":true,\"max_tokens\":9,\"n\":2,\"stream_options\":{\"include_usage\":true},"
                    + "\"tools\":[{\"function\":{\"parameters\":{\"name\":\"no\"},\"name\":\"f\"}}],\"tool_choice\":\"required\","
                    + "\"messages\":[{\"role\":\"system\",\"content\":\"sys\"},{\"content\":[{\"type\":\"text\",\"text\":\"grün\\u00e9\\\"\"}],"
                    + "\"role\":\"user\"}],\"mod\\u0065l\":\"a\\\\b\"}";

    private static RequestReader read(byte[] body, int... splits) {
        RequestReader reader = new RequestReader();
        int from = 0;
        for (int split : splits) {
            reader.read(Unpooled.wrappedBuffer(body, from, split - from));
            from = split;
        }
        reader.read(Unpooled.wrappedBuffer(body, from, body.length - from));
        return reader;
    }

    private static void assertFull(RequestReader reader) {
        assertThat(reader.finish()).isNull();
        RequestFacts facts = reader.facts;
        assertThat(facts.model).isEqualTo("a\\b");
        assertThat(facts.stream).isTrue();
        assertThat(facts.includeUsage).isTrue();
        assertThat(facts.tokensMax).isEqualTo(9);
        assertThat(facts.choices).isEqualTo(2);
        assertThat(facts.firstTool).isEqualTo("f");
        assertThat(facts.callsTool()).isTrue();
        assertThat(facts.lastText).isEqualTo("grüné\"");
        assertThat(facts.promptCharacters).isEqualTo(3 + 6);
    }

    @Test
    void factsAreTheSameWhereverTheBodyIsSplit() {
        byte[] body = FULL.getBytes(UTF_8);
        int[] everywhere = new int[body.length];
        for (int split = 0; split < body.length; split++) {
            assertFull(read(body, split));
            everywhere[split] = split;
        }
        assertFull(read(body, everywhere));
    }

    @Test
    void aLongStringIsCutShortWithoutHarmWhateverStandsAtTheCut() {
        String[] units = {"x", "ü", "€", "😀", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00"};
        for (String unit : units) {
            for (int shift = 0; shift < 8; shift++) {
                String text = "y".repeat(LongStringCutter.KEPT_BYTES_MAX - 8 + shift) + unit.repeat(20);
                byte[] body = ("{\"input\":[\"" + text + "\",\"" + text + "\"],\"model\":\"m\"}").getBytes(UTF_8);
                for (int split : new int[] {0, body.length / 2 - 40, body.length / 2, body.length - 30}) {
                    RequestReader reader = read(body, split);
                    assertThat(reader.finish())
                            .as("%s shifted by %d, split at %d", unit, shift, split)
                            .isNull();
                    assertThat(reader.facts.model).isEqualTo("m");
                    assertThat(reader.facts.inputs).isEqualTo(2);
                    assertThat(reader.facts.lastText).startsWith("yyy");
                }
            }
        }
    }

    @Test
    void whatIsCutFromPromptTextIsCountedAndWhatIsCutFromAnImageIsNot() {
        String big = "z".repeat(100_000);
        String body = "{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"" + big + "\"}},{\"text\":\"" + big
                + "\"},{\"image_url\":{\"url\":\"" + big + "\"}}]}]}";
        byte[] bytes = body.getBytes(UTF_8);
        for (int split = 0; split < bytes.length; split += 997) {
            RequestReader reader = read(bytes, split);
            assertThat(reader.finish()).isNull();
            assertThat(reader.facts.promptCharacters).isEqualTo(100_000);
        }
    }

    @Test
    void aStringIsKeptUpToItsLimit() {
        for (int beyond = -1; beyond <= 1; beyond++) {
            int length = LongStringCutter.KEPT_BYTES_MAX + beyond;
            ByteBuf out = Unpooled.buffer();
            long cut = new LongStringCutter().next(Unpooled.copiedBuffer("\"" + "k".repeat(length) + "\"", UTF_8), out);

            assertThat(out.readableBytes()).isEqualTo(2 + Math.min(length, LongStringCutter.KEPT_BYTES_MAX));
            assertThat(cut).isEqualTo(Math.max(beyond, 0));
        }
    }

    @Test
    void whiteSpaceAroundTheObjectIsNothing() {
        byte[] body = " \r\n{\"model\":\"m\"}\n\t ".getBytes(UTF_8);
        for (int split = 0; split <= body.length; split++) {
            assertThat(read(body, split).finish()).as("split at %d", split).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "1", "{}{}", "{\"a\":1}x", "{} {", "{\"a\":\"", "{\"a\":tru}", "{,}"})
    void whatIsNotOneObjectIsWrongWhereverItIsSplit(String body) {
        byte[] bytes = body.getBytes(UTF_8);
        for (int split = 0; split <= bytes.length; split++) {
            assertThat(read(bytes, split).finish()).as("split at %d", split).isNotNull();
        }
    }
}
