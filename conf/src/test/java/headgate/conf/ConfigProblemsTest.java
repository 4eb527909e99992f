package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigProblemsTest {
    private static final String SLIPS = ",:&*!|>%@`\"'{}[]?#- \n";
    /** Every fourth place of a file is mistyped, in the next file the places beside those. */
    private static final int STRIDE = 4;

    private final Path directory;

    ConfigProblemsTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        ProblemCase.prepare(directory);
    }

    static List<ProblemCase> cases() throws IOException {
        return ProblemCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void every_error_is_said_in_full_with_its_place(ProblemCase broken) {
        assertThat(ProblemCase.problems(broken.text(), directory)).containsExactlyElementsOf(broken.problems());
    }

    @Test
    void an_error_says_nothing_of_a_secret_even_when_the_file_is_mistyped() throws IOException {
        int first = 0;
        for (ProblemCase broken : ProblemCase.all()) {
            String text = broken.text();
            first = (first + 1) % STRIDE;
            for (int i = first; i < text.length(); i += STRIDE) {
                assertNoSecret(text.substring(0, i) + text.substring(i + 1));
                char slip = SLIPS.charAt(i / STRIDE % SLIPS.length());
                assertNoSecret(text.substring(0, i) + slip + text.substring(i));
            }
        }
    }

    private void assertNoSecret(String text) {
        assertThat(ProblemCase.problems(text, directory))
                .as("messages go to terminals and logs; of%n%s", text)
                .noneMatch(line -> line.contains(ProblemCase.CANARY));
    }
}
