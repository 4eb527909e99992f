package headgate.filters.usage;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The usage an answer tells, found in bytes that come in any pieces. */
final class UsageReaderTest {
    @Test
    void bothNamingsAndTheDetailsBelowAreRead() {
        assertThat(read("""
                {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":22,"total_tokens":33,
                 "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":5}}}""")).isEqualTo(new Usage(11, 22, 4, 5));
        assertThat(read("""
                {"usage" : {"input_tokens":1,"input_tokens_details":{"cached_tokens":0},"output_tokens":2}}""")).isEqualTo(new Usage(1, 2, 0, -1));
    }

    @Test
    void theLastOfSeveralCounts() {
        assertThat(
                        read(
                                "{\"usage\":{\"prompt_tokens\":1}}{\"usage\":null}{\"usage\":{\"prompt_tokens\":2}}{\"usage\":null}"))
                .isEqualTo(new Usage(2, -1, -1, -1));
    }

    @Test
    void anObjectOfThatNameWithoutCountsDoesNotReplaceOne() {
        assertThat(read("{\"usage\":{\"prompt_tokens\":1},\"tools\":[{\"usage\":{\"type\":\"object\"}}],\"usage\":{}}"))
                .as("a tool's schema may have a property of that name")
                .isEqualTo(new Usage(1, -1, -1, -1));
    }

    @Test
    void countsOfPartsDoNotReplaceTheWhole() {
        assertThat(read("{\"usage\":{\"input_tokens\":10,\"iterations\":[{\"input_tokens\":3,\"cached_tokens\":1}]}}"))
                .isEqualTo(new Usage(10, -1, -1, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "1.5", "2e3", "\"7\"", "null", "true", "[7]", "{\"a\":7}"})
    void whatIsNoCountIsNoCount(String value) {
        assertThat(read("{\"usage\":{\"prompt_tokens\":" + value + ",\"completion_tokens\":1}}"))
                .isEqualTo(new Usage(-1, 1, -1, -1));
    }

    @Test
    void anAbsurdCountIsBounded() {
        assertThat(read("{\"usage\":{\"prompt_tokens\":99999999999999999999999999}}"))
                .isEqualTo(new Usage(1L << 50, -1, -1, -1));
    }

    @Test
    void aUsageThatNeverEndsIsGivenUpAndTheNextOneIsRead() {
        String endless = "{\"usage\":{\"x\":\"" + "y".repeat(8 * 1024) + "\"}}";
        assertThat(read(endless)).isNull();
        assertThat(read(endless + "{\"usage\":{\"prompt_tokens\":1}}")).isEqualTo(new Usage(1, -1, -1, -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"usage\",\"x\":1}",
                "{\"content\":\"\\\"usage\\\": {\\\"prompt_tokens\\\":1}\"}",
                "{\"usage\":null}",
                "{\"usage\":\"prompt_tokens\"}",
                "{\"my_usage\":{\"prompt_tokens\":1}}",
                "[\"usage\",{\"prompt_tokens\":1}]",
                "",
            })
    void textThatOnlyLooksLikeItIsNoUsage(String document) {
        assertThat(read(document)).isNull();
    }

    @Test
    void aReaderStartsOverForTheNextAnswer() {
        UsageReader reader = new UsageReader();
        feed(reader, "{\"usage\":{\"prompt_tokens\":1},\"us", 1000);
        reader.reset();
        feed(reader, "age\":{\"prompt_tokens\":2}}", 1000);
        assertThat(reader.last()).isNull();
    }

    @Test
    void aBufferOfSeveralPartsIsRead() {
        ByteBuf composite = Unpooled.wrappedBuffer(
                Unpooled.copiedBuffer("{\"usage\":{\"prompt", StandardCharsets.UTF_8),
                Unpooled.copiedBuffer("_tokens\":3}}", StandardCharsets.UTF_8));
        UsageReader reader = new UsageReader();
        assertThat(reader.read(composite, 0)).isTrue();
        assertThat(reader.last()).isEqualTo(new Usage(3, -1, -1, -1));
        composite.release();
    }

    @Test
    void aUsageIsFoundWhereverItStandsInABuffer() {
        for (int front = 0; front < 40; front++) {
            assertThat(read("g\"us".repeat(front) + " \"usage\":{\"prompt_tokens\":1}" + " ".repeat(front % 9)))
                    .as("behind %d other pieces", front)
                    .isEqualTo(new Usage(1, -1, -1, -1));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void itFindsWhatAJsonParserFinds(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            String document = GeneratedAnswer.document(random);
            assertThat(read(document)).as(document).isEqualTo(UsageText.lastIn(document));
        }
    }

    /** Reads whole, in pieces of every size up to the length, and split in two at every byte. */
    private static @Nullable Usage read(String text) {
        Usage whole = new Feeding(text).inPiecesOf(Integer.MAX_VALUE);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        int sizes = length > 1000 ? 3 : 20;
        assertThat(IntStream.rangeClosed(1, sizes))
                .as("in pieces of these sizes: %s", text)
                .allSatisfy(
                        size -> assertThat(new Feeding(text).inPiecesOf(size)).isEqualTo(whole));
        for (int split = 1; split < Math.min(length, 300); split++) {
            assertThat(new Feeding(text).inPiecesOf(split, Integer.MAX_VALUE))
                    .as("split at %d: %s", split, text)
                    .isEqualTo(whole);
        }
        return whole;
    }

    private static void feed(UsageReader reader, String text, int size) {
        new Feeding(text).to(reader, size, size);
    }

    private record Feeding(String text) {
        @Nullable
        Usage inPiecesOf(int size) {
            return inPiecesOf(size, size);
        }

        @Nullable
        Usage inPiecesOf(int first, int others) {
            UsageReader reader = new UsageReader();
            to(reader, first, others);
            return reader.last();
        }

        void to(UsageReader reader, int first, int others) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int size = first;
            for (int from = 0; from < bytes.length; ) {
                int length = Math.min(size, bytes.length - from);
                ByteBuf part = Unpooled.wrappedBuffer(bytes, from, length);
                int at = part.readerIndex();
                while (reader.read(part, at)) {
                    at = reader.foundEnd();
                }
                assertThat(part.readableBytes()).as("indices stay").isEqualTo(length);
                from += length;
                size = others;
            }
        }
    }
}
