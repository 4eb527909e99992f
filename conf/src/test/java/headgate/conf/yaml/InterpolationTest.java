package headgate.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("A", "one", "_b2", "two", "NESTED", "${A}", "DOLLAR", "$1\\", "EMPTY", "");

    private final Path directory;
    private final List<String> expected = new ArrayList<>();

    InterpolationTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "'', ''",
        "${A}, one",
        "<${A}-${_b2}>, <one-two>",
        "${NESTED}, ${A}",
        "${DOLLAR}, $1\\",
        "$${A}, ${A}",
        "$$${A}, $${A}",
        "$A $ $$ }, $A $ $$ }",
        "{A}, {A}"
    })
    void variables_are_filled_in_once(String written, String expanded) {
        assertThat(expand(written)).isEqualTo(expanded);
        assertThat(expected).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"${", "${A", "${}", "${ A}", "${1}", "${A-b}", "${file:x", "${FILE:x}"})
    void an_ill_formed_reference_is_refused(String written) {
        assertThat(expand(written)).isNull();
        assertThat(expected).containsExactly("${VARIABLE} or ${file:PATH}, or $${ for a plain ${");
    }

    @Test
    void everything_that_is_missing_is_said() {
        assertThat(expand("${X}${EMPTY}${file:nowhere}")).isNull();
        assertThat(expected)
                .containsExactly(
                        "the environment variable X to be set",
                        "the environment variable EMPTY not to be empty",
                        "the file \"nowhere\" to be readable");
    }

    @ParameterizedTest
    @CsvSource({"'x', x", "'x\n', x", "'x\r\n', x", "'x\n\n', 'x\n'", "' x ', ' x '", "'\nx', '\nx'"})
    void a_file_loses_the_newline_at_its_end_and_nothing_else(String content, String value) throws IOException {
        Files.writeString(directory.resolve("secret"), content);

        assertThat(expand("${file:secret}")).isEqualTo(value);
    }

    @Test
    void a_file_has_at_most_64_KiB() throws IOException {
        Files.writeString(directory.resolve("most"), "x".repeat(64 << 10));
        Files.writeString(directory.resolve("more"), "x".repeat((64 << 10) + 1));

        assertThat(expand("${file:most}")).hasSize(64 << 10);
        assertThat(expand("${file:more}")).isNull();
        assertThat(expected).containsExactly("the file \"more\" to have at most 65536 bytes");
    }

    private @Nullable String expand(String written) {
        return new Interpolation(ENVIRONMENT, directory).expand(written, expected::add);
    }
}
