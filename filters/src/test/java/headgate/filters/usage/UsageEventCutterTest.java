package headgate.filters.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The event that only the gateway asked for is taken out; every other byte passes. */
final class UsageEventCutterTest {
    private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}";

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void theUsageEventIsTakenOutWhereverItStandsAndWhateverEndsALine(String line) {
        String end = line + line;
        String first = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}" + end;
        String done = "data: [DONE]" + end;
        expectEverySplit(first + USAGE + end + done, first + done);
        expectEverySplit(USAGE + end + first + done, first + done);
        expectEverySplit(first + done + USAGE + end, first + done);
        expectEverySplit(USAGE + end + USAGE + end + done, done);
        expectEverySplit(first + first + done, first + first + done);
    }

    @Test
    void anEventWithBothUsageAndChoicesStays() {
        String event = "data: {\"usage\":{\"prompt_tokens\":1},\"choices\":[{\"index\":0}]}\n\n";
        expectEverySplit(event + event, event + event);
    }

    @ParameterizedTest(name = "{0} bytes behind it, found: {1}")
    @CsvSource({"0, true", "15000, true", "20000, false"})
    void ofALongBurstTheEndIsLookedAtForThatIsWhereUsageIsTold(int behind, boolean found) {
        String events = "data: {\"choices\":[{\"delta\":\"" + "e".repeat(60) + "\"}],\"usage\":null}\n\n";
        String before = events.repeat(500);
        String after = events.repeat(behind / events.length()) + "data: [DONE]\n\n";
        UsageReader reader = new UsageReader();
        UsageEventCutter cutter = new UsageEventCutter(reader);
        ByteBuf passed = cutter.cut(Unpooled.copiedBuffer(before + USAGE + "\n\n" + after, StandardCharsets.US_ASCII));
        assertThat(passed.toString(StandardCharsets.US_ASCII))
                .isEqualTo(before + (found ? "" : USAGE + "\n\n") + after);
        assertThat(reader.last() != null).isEqualTo(found);
        passed.release();
        cutter.release();
    }

    @Test
    void emptyChoicesWithoutUsageStay() {
        String event = "data: {\"choices\":[],\"prompt_filter_results\":[],\"usage\":null}\n\n";
        expectEverySplit(event + USAGE + "\n\n", event);
    }

    @Test
    void contentThatQuotesAUsageEventStays() {
        String event =
                "data: {\"choices\":[{\"delta\":{\"content\":\"data: {\\\"choices\\\":[],\\\"usage\\\":{}}\\n\\n\"}}]}\n\n";
        expectEverySplit(event, event);
    }

    @Test
    void anEventOfSeveralLinesIsTakenOutWhole() {
        expectEverySplit("a: b\n\nid: 1\nevent: x\n" + USAGE + "\nretry: 5\n\n: end\n\n", "a: b\n\n: end\n\n");
    }

    @Test
    void whatIsNotCompleteWhenTheStreamEndsPassesThen() {
        expectEverySplit("data: 1\n\ndata: 2", "data: 1\n\ndata: 2");
        expectEverySplit("data: 1\n\ndata: 2\n", "data: 1\n\ndata: 2\n");
    }

    @ParameterizedTest(name = "{0} bytes, held: {1}")
    @CsvSource({"16383, true", "16384, true", "16385, false", "40000, false"})
    void theBeginningOfAnEventIsHeldUpToItsBound(int bytes, boolean held) {
        UsageEventCutter cutter = new UsageEventCutter(new UsageReader());
        ByteBuf passed = cutter.cut(Unpooled.copiedBuffer("x".repeat(bytes), StandardCharsets.US_ASCII));
        assertThat(passed.readableBytes()).isEqualTo(held ? 0 : bytes);
        passed.release();
        cutter.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anEventAboveTheBoundKeepsTheEmptyLineThatEndsItWhereverItIsSplit(String line) {
        String huge = "data: {\"choices\":[{\"delta\":\"" + "h".repeat(20_000) + "\"}]}" + line + line;
        String stream = huge + USAGE + line + line + "data: [DONE]" + line + line;
        for (int split = huge.length() - 6; split <= huge.length() + 6; split++) {
            assertThat(cut(stream, split)).as("split at %d", split).isEqualTo(huge + "data: [DONE]" + line + line);
            for (int second = split + 1; second < split + 4; second++) {
                assertThat(cut(stream, split, second))
                        .as("split at %d and %d", split, second)
                        .isEqualTo(huge + "data: [DONE]" + line + line);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, \\n", "2, \\r\\n", "3, \\r", "4, \\n"})
    void itCutsWhatASlowReaderOfTheWholeWouldCut(long seed, String escaped) {
        String line = escaped.translateEscapes();
        Random random = new Random(seed);
        for (int i = 0; i < 1500; i++) {
            String stream = GeneratedAnswer.stream(random, line);
            String expected = UsageText.cut(stream);
            int bytes = stream.getBytes(StandardCharsets.UTF_8).length;
            int oneIn = 1 + random.nextInt(60);
            int[] splits = IntStream.range(1, bytes)
                    .filter(place -> random.nextInt(oneIn) == 0)
                    .toArray();
            UsageReader reader = new UsageReader();
            assertThat(cut(reader, stream, splits))
                    .as("%s at %s", stream, Arrays.toString(splits))
                    .isEqualTo(expected);
            assertThat(reader.last()).as(stream).isEqualTo(UsageText.lastInStream(stream));
        }
    }

    private static void expectEverySplit(String stream, String expected) {
        assertThat(cut(stream)).as("whole").isEqualTo(expected);
        assertThat(cut(stream, IntStream.range(1, stream.length()).toArray()))
                .as("byte by byte")
                .isEqualTo(expected);
        for (int split = 1; split < stream.length(); split++) {
            assertThat(cut(stream, split)).as("split at %d", split).isEqualTo(expected);
        }
    }

    private static String cut(String stream, int... splits) {
        return cut(new UsageReader(), stream, splits);
    }

    private static String cut(UsageReader reader, String stream, int... splits) {
        UsageEventCutter cutter = new UsageEventCutter(reader);
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        ByteBuf all = Unpooled.buffer(bytes.length);
        int from = 0;
        for (int i = 0; i <= splits.length; i++) {
            int to = i < splits.length ? splits[i] : bytes.length;
            pass(cutter.cut(ByteBufAllocator.DEFAULT.buffer(to - from).writeBytes(bytes, from, to - from)), all);
            from = to;
        }
        ByteBuf rest = cutter.rest();
        if (rest != null) {
            pass(rest, all);
        }
        String text = all.toString(StandardCharsets.UTF_8);
        all.release();
        return text;
    }

    private static void pass(ByteBuf part, ByteBuf all) {
        all.writeBytes(part);
        part.release();
    }
}
