package headgate.filters.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a head, found in bytes that come in any pieces; every bound holds wherever they are split. */
final class HeadFinderTest {
    private static final int LINE_MAX = 20;
    private static final int HEAD_MAX = 60;

    @Test
    void aHeadIsFoundWithItsEmptyLineWhereverItIsSplit() {
        String head = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        expectEverySplit(head + "body\r\n\r\n", String.valueOf(head.length()));
    }

    @Test
    void aHeadThatIsNotOverIsNotFound() {
        expectEverySplit("GET / HTTP/1.1\r\nhost: a\r\n\r", "-1");
        expectEverySplit("", "-1");
        expectEverySplit("\r\n", "-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\n\r\n\r\n", "GET / HTTP/1.1\r\na: b\n\r\n\r\n", "\n", "GET / HTTP/1.1\r\n\n\r\n"
            })
    void aBareLineFeedIsRefused(String head) {
        expectEverySplit(head, "400");
    }

    @ParameterizedTest(name = "a first line of {0} bytes: {1}")
    @CsvSource({"19, 23", "20, 24", "21, 414", "22, 414", "300, 414"})
    void theFirstLineHasItsBound(int bytes, String expected) {
        expectEverySplit("G".repeat(bytes) + "\r\n\r\n", expected);
    }

    @ParameterizedTest(name = "a head of {0} bytes: {1}")
    @CsvSource({"59, 59", "60, 60", "61, 431", "62, 431", "63, 431", "300, 431"})
    void theHeadHasItsBound(int bytes, String expected) {
        String head = "GET / HTTP/1.1\r\na: ";
        expectEverySplit(head + "b".repeat(bytes - head.length() - 4) + "\r\n\r\n", expected);
    }

    @Test
    void aLineThatNeverEndsIsRefusedAsSoonAsItIsTooLong() {
        expectEverySplit("G".repeat(LINE_MAX + 1), "414");
        expectEverySplit("GET / HTTP/1.1\r\n" + "b".repeat(HEAD_MAX), "431");
    }

    @Test
    void oneFinderFindsOneHeadAfterTheOther() throws FramingException {
        HeadFinder finder = new HeadFinder(LINE_MAX, HEAD_MAX);
        ByteBuf in = Unpooled.copiedBuffer("A / B\r\n\r\nC / D\r\nx: y\r\n\r\n", StandardCharsets.US_ASCII);
        assertThat(finder.find(in)).isEqualTo(9);
        in.skipBytes(9);
        assertThat(finder.find(in)).isEqualTo(15);
        in.release();
    }

    private static void expectEverySplit(String text, String expected) {
        assertThat(find(text)).as("whole").isEqualTo(expected);
        assertThat(find(text, IntStream.range(1, text.length()).toArray()))
                .as("byte by byte")
                .isEqualTo(expected);
        for (int split = 1; split < text.length(); split++) {
            assertThat(find(text, split)).as("split at %d", split).isEqualTo(expected);
        }
    }

    /** The length that was found, or the status of the refusal. */
    private static String find(String text, int... splits) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        HeadFinder finder = new HeadFinder(LINE_MAX, HEAD_MAX);
        ByteBuf in = Unpooled.buffer().writeZero(3).skipBytes(3);
        try {
            int from = 0;
            for (int i = 0; i <= splits.length; i++) {
                int to = i < splits.length ? splits[i] : bytes.length;
                in.writeBytes(bytes, from, to - from);
                from = to;
                int found = finder.find(in);
                if (found >= 0) {
                    return String.valueOf(found);
                }
            }
            return "-1";
        } catch (FramingException e) {
            return String.valueOf(e.status());
        } finally {
            in.release();
        }
    }
}
