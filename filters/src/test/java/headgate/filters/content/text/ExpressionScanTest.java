package headgate.filters.content.text;

import static headgate.filters.content.text.Scanned.expressions;
import static headgate.filters.content.text.Scanned.found;
import static headgate.filters.content.text.Scanned.raw;
import static headgate.filters.content.text.Scanned.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import headgate.filters.content.TextScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExpressionScanTest {
    private static final String[] EXPRESSIONS = {"a+b", "\\bcab\\b", "(a|bc){2,3}", "c[^c]?c", "b\\.?a"};

    @Test
    void what_is_found_at_any_split_is_what_is_found_in_the_whole() {
        for (long seed = 1; seed <= 400; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append("aabbc .C".charAt(random.nextInt(8)));
            }
            String plain = text.toString().replaceAll(" +", " ");
            for (String expression : EXPRESSIONS) {
                TextScan scan = expressions(16, expression).newScan();
                assertThat(found(scan, utf8(plain)))
                        .as("seed %d: %s in %s", seed, expression, plain)
                        .isEqualTo(searched(expression, plain));
                byte[] bytes = raw(plain, random, 20);
                List<String> whole = found(scan, bytes);
                int[] ones = new int[bytes.length];
                Arrays.fill(ones, 1);
                assertThat(found(scan, bytes, ones))
                        .as("seed %d, byte by byte", seed)
                        .isEqualTo(whole);
                int split = random.nextInt(bytes.length + 1);
                assertThat(found(scan, bytes, split)).as("seed %d, split", seed).isEqualTo(whole);
            }
        }
    }

    @Test
    void a_match_up_to_the_bound_is_found_across_windows() {
        TextScan scan = expressions(100, "x[0-9]{98}y").newScan();
        for (int front = 0; front < 120; front += 7) {
            String text = "-".repeat(front) + "x" + "7".repeat(98) + "y-";
            assertThat(found(scan, utf8(text), front + 50))
                    .as("behind %d", front)
                    .hasSize(1);
        }
    }

    private static List<String> searched(String expression, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(expression, Pattern.CASE_INSENSITIVE).matcher(text);
        while (matcher.find()) {
            found.add(expression + "[" + matcher.start() + "," + matcher.end() + ")");
        }
        return found;
    }
}
