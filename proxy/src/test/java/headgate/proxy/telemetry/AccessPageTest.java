package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of JSON that another reader understands, whatever callers put into them. */
final class AccessPageTest {
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                9,
                10,
                11,
                99,
                100,
                -1,
                -10,
                999_999_999_999_999_999L,
                1_000_000_000_000_000_000L,
                Long.MAX_VALUE
            })
    void numbersAreWrittenInFull(long number) throws IOException {
        assertThat(text(new AccessPage(0).number(number))).isEqualTo(Long.toString(number));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.000", "999, 0.000", "1000, 0.001", "999999, 0.999", "1000000, 1.000", "12345678900, 12345.678"})
    void millisecondsHaveThreeDigitsBehindThePoint(long nanos, String expected) throws IOException {
        assertThat(text(new AccessPage(0).millis(nanos))).isEqualTo(expected);
    }

    @Test
    void anyTextIsReadBackAsItWas() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            String text = random.ints(random.nextInt(40), 0, random.nextBoolean() ? 0x80 : 0x10000)
                    .collect(StringBuilder::new, (to, c) -> to.append((char) c), StringBuilder::append)
                    .toString();
            String written = text(new AccessPage(0).string(text));
            assertThat(written).as("one line of printable ASCII").matches("[ -~]*");
            try (JsonParser parser = new JsonFactory().createParser(written)) {
                parser.nextToken();
                assertThat(parser.getText()).isEqualTo(text);
            }
        }
    }

    @Test
    void aPageGrowsForALineThatIsLongerThanItsRoom() throws IOException {
        AccessPage page = new AccessPage(10);
        page.string("\u0000".repeat(5000)).endLine();
        assertThat(page.lines()).isEqualTo(1);
        assertThat(page.full()).isTrue();
        assertThat(text(page)).hasSize(5000 * 6 + 3);
    }

    private static String text(AccessPage page) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.writeTo(out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
