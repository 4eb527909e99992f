package headgate.filters.content.text;

import static headgate.filters.content.text.Scanned.found;
import static headgate.filters.content.text.Scanned.patterns;
import static headgate.filters.content.text.Scanned.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ContentFilterConfig.Pattern;
import headgate.filters.content.TextScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PatternScanTest {
    /** One line each: a pattern, {@code +} or {@code -}, and a text; what is found stands between guillemets. */
    static Stream<String> cases() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/headgate/filters/content/patterns.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void what_has_the_form_is_found_and_what_nearly_has_it_is_not(String line) {
        String[] parts = line.split(" ", 2);
        Pattern pattern = Arrays.stream(Pattern.values())
                .filter(each -> each.word().equals(parts[0]))
                .findFirst()
                .orElseThrow();
        int start = parts[1].indexOf('«');
        int end = parts[1].indexOf('»') - 1;
        byte[] text = utf8(parts[1].replace("«", "").replace("»", ""));
        List<String> expected = start < 0 ? List.of() : List.of(pattern.word() + "[" + start + "," + end + ")");

        TextScan scan = patterns(pattern).newScan();
        for (int split = 0; split <= text.length; split++) {
            assertThat(found(scan, text, split)).as("split at %d", split).isEqualTo(expected);
        }
        int[] bytes = new int[text.length];
        Arrays.fill(bytes, 1);
        assertThat(found(scan, text, bytes)).as("byte by byte").isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void patterns_do_not_hide_each_other(String line) {
        String text = line.split(" ", 2)[1];
        boolean expected = text.contains("«");
        byte[] raw = utf8(text.replace("«", "").replace("»", ""));
        assertThat(found(patterns(Pattern.values()).newScan(), raw).stream()
                        .anyMatch(match -> match.startsWith(line.split(" ", 2)[0] + "[")))
                .isEqualTo(expected);
    }
}
