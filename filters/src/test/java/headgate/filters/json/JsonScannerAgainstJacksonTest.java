package headgate.filters.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonScannerAgainstJacksonTest {
    private static final List<String> NUMBERS =
            List.of("max_tokens", "max_completion_tokens", "max_output_tokens", "n", "best_of");
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonScanner scanner = new JsonScanner(Scan.DEPTH_MAX, Scan.TEXTS_MAX);

    @ParameterizedTest
    @MethodSource("seeds")
    void bothFindTheSameInWhatIsGenerated(long seed) throws IOException {
        JsonDocuments documents = new JsonDocuments(seed);
        for (int i = 0; i < 1000; i++) {
            compare(documents.valid(), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothAgreeOnWhatWasBroken(long seed) throws IOException {
        JsonDocuments documents = new JsonDocuments(seed);
        for (int i = 0; i < 1000; i++) {
            compare(documents.broken(), seed);
        }
    }

    /** Always the same ones; {@code -Dheadgate.test.seeds=N} takes N of them. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("headgate.test.seeds", 3));
    }

    private void compare(byte[] body, long seed) throws IOException {
        Scan scan = Scan.of(scanner, body);
        try {
            JacksonOracle oracle = new JacksonOracle(body);
            assertThat(scan.error())
                    .as("%s, at %d", shown(body), scan.errorOffset())
                    .isNull();
            assertThatCode(() -> assertSameFacts(scan, oracle)).as(shown(body)).doesNotThrowAnyException();
        } catch (IOException refusal) {
            assertThat(scan.error() != null || isHalfPairInName(refusal))
                    .as("%s is refused, as jackson-core says <%s>", shown(body), refusal.getMessage())
                    .isTrue();
        }
        assertThat(Scan.of(scanner, body, everywhere(body)))
                .as("%s byte by byte", shown(body))
                .isEqualTo(scan);
        assertThat(Scan.of(scanner, body, somewhere(body, new Random(seed))))
                .as("%s in some parts", shown(body))
                .isEqualTo(scan);
        if (body.length < 60) {
            Splits.assertSame(scanner, body, scan);
        }
    }

    /** The known difference: half a surrogate pair, escaped, is legal JSON; jackson-core takes it in values only. */
    private static boolean isHalfPairInName(IOException refusal) {
        return String.valueOf(refusal.getMessage()).contains("surrogate");
    }

    private static void assertSameFacts(Scan scan, JacksonOracle oracle) throws IOException {
        assertThat(scan.model()).isEqualTo(replaced((String) oracle.scalars.get("model")));
        assertThat(scan.stream()).isEqualTo(Boolean.TRUE.equals(oracle.scalars.get("stream")));
        assertThat(scan.streamKnown()).isEqualTo(oracle.members.contains("stream"));
        assertThat(scan.includeUsage()).isEqualTo(oracle.includeUsage);
        for (int i = 0; i < NUMBERS.size(); i++) {
            assertThat(scan.numbers().get(i)).isEqualTo(whole(oracle.scalars.get(NUMBERS.get(i))));
        }
        assertThat(scan.members().stream().map(member -> member.replaceFirst("@[-0-9]+$", "")))
                .containsExactlyElementsOf(oracle.members.stream()
                        .map(JsonScannerAgainstJacksonTest::replaced)
                        .toList());
        List<String> texts = new ArrayList<>();
        for (String text : scan.texts()) {
            int space = text.indexOf(' ');
            texts.add(text.substring(0, space + 1) + unescaped(text.substring(space + 1)));
        }
        assertThat(texts).isEqualTo(oracle.texts);
    }

    /** Half a surrogate pair is legal JSON, but cannot be said in UTF-8. */
    private static @Nullable String replaced(@Nullable String text) {
        return text == null ? null : new String(halvesReplaced(text).getBytes(UTF_8), UTF_8);
    }

    private static String halvesReplaced(String text) {
        StringBuilder replaced = new StringBuilder();
        text.codePoints()
                .forEach(code ->
                        replaced.append(code >= 0xD800 && code <= 0xDFFF ? "\uFFFD" : Character.toString(code)));
        return replaced.toString();
    }

    private static String unescaped(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser("\"" + text + "\"")) {
            parser.nextToken();
            return parser.getText();
        }
    }

    private static long whole(@Nullable Object scalar) {
        if (!(scalar instanceof BigDecimal number)) {
            return -1;
        }
        BigDecimal bounded = number.max(BigDecimal.ZERO).min(BigDecimal.valueOf(Long.MAX_VALUE));
        return bounded.setScale(0, RoundingMode.DOWN).longValueExact();
    }

    private static String shown(byte[] body) {
        return new String(body, ISO_8859_1);
    }

    private static int[] everywhere(byte[] body) {
        int[] splits = new int[body.length];
        for (int i = 0; i < splits.length; i++) {
            splits[i] = i;
        }
        return splits;
    }

    private static int[] somewhere(byte[] body, Random random) {
        return random.ints(5, 0, body.length + 1).sorted().toArray();
    }
}
