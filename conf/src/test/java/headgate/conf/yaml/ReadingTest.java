package headgate.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadingTest {
    private static final CountFormat COUNT = new CountFormat(0, 9);

    private final Path file;
    private final Reading reading;

    ReadingTest(@TempDir Path directory) {
        this.file = directory.resolve("f.yaml");
        this.reading = new Reading(file, Map.of());
    }

    @Test
    void problems_come_in_the_order_of_the_file_and_not_of_the_asking() {
        Section root = Objects.requireNonNull(reading.open("b: { d: x, c: x }\na: x\nz: x\n"));
        root.read("a", COUNT, 0);
        Section b = root.section("b");
        b.read("c", COUNT, 0);
        b.read("d", COUNT, 0);

        assertThat(problems())
                .containsExactly(
                        "f.yaml:1:6 b.d: \"x\": expected a whole number from 0 to 9",
                        "f.yaml:1:12 b.c: \"x\": expected a whole number from 0 to 9",
                        "f.yaml:2:1 a: \"x\": expected a whole number from 0 to 9",
                        "f.yaml:3:1 z: unknown key: expected one of a, b");
    }

    @Test
    void a_thousand_problems_are_listed_and_the_others_are_counted() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1002; i++) {
            text.append("k").append(i).append(": x\n");
        }
        reading.open(text.toString());

        assertThat(problems()).hasSize(1001).last().isEqualTo("f.yaml: 2 more problems");
    }

    @Test
    void a_thousand_problems_are_listed_without_a_count_when_they_are_all() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("k").append(i).append(": x\n");
        }
        reading.open(text.toString());

        assertThat(problems()).hasSize(1000).noneMatch(line -> line.contains("more problems"));
    }

    @Test
    void sixteen_levels_are_the_most() {
        assertThat(reading.open("a: " + "[".repeat(15) + "]".repeat(15))).isNotNull();
        assertThat(reading.open("a: " + "[".repeat(16) + "]".repeat(16))).isNull();
        assertThat(reading.open("a: " + "[".repeat(500_000))).isNull();
        assertThat(problems().get(1)).endsWith(": nested too deep: expected at most 16 levels");
    }

    @Test
    void a_mebibyte_is_the_most() throws IOException {
        Files.writeString(file, "#".repeat((1 << 20) - 5) + "\na: 1");
        assertThat(reading.open(Objects.requireNonNull(reading.text()))).isNotNull();

        Files.writeString(file, "#".repeat((1 << 20) - 4) + "\na: 1");
        assertThat(reading.text()).isNull();
        assertThat(reading.open("#".repeat((1 << 20) - 4) + "\na: 1")).isNull();
        assertThat(problems()).contains("f.yaml:1:1 (file): too large: expected at most 1048576 bytes");
    }

    @Test
    void a_file_that_is_not_there_is_a_problem_and_not_an_exception() {
        assertThat(reading.text()).isNull();
        assertThat(problems())
                .containsExactly("f.yaml:1:1 (file): unreadable: expected a readable file (there is no such file)");
    }

    @Test
    void a_directory_is_a_problem_and_not_an_exception() throws IOException {
        Files.createDirectory(file);

        assertThat(reading.text()).isNull();
        assertThat(problems())
                .containsExactly("f.yaml:1:1 (file): unreadable: expected a readable file (reading it failed)");
    }

    @Test
    void other_encodings_than_utf_8_are_refused() throws IOException {
        Files.write(file, "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(reading.text()).isNull();

        assertThat(problems()).containsExactly("f.yaml:1:1 (file): not UTF-8: expected a text in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 0x1B, 0x7F, 0x80, 0x9F, 0xE000, 0xE001, 0xFFFE, 0xFFFF})
    void a_character_that_no_file_may_have_is_refused_with_its_place(int control) {
        assertThat(reading.open("a: 1\nb: x" + (char) control + "\n")).isNull();
        assertThat(problems())
                .containsExactly(String.format(
                        "f.yaml:2:5 (file): character U+%04X: expected a text without such characters", control));
    }

    @Test
    void a_lone_surrogate_is_refused() {
        assertThat(reading.open("a: \ud83d")).isNull();
        assertThat(reading.open("a: \ude00")).isNull();
        assertThat(problems()).hasSize(2);
    }

    @Test
    void a_byte_order_mark_and_rare_characters_do_not_shift_anchors() {
        Section root = Objects.requireNonNull(reading.open("\ufeffa: 1 # \ud83d\ude00\nb: &x 2\nc: \"&y\"\n"));
        List.of("a", "b", "c").forEach(key -> root.find(key, new TextFormat(".*", "a text")));

        assertThat(problems()).singleElement().asString().startsWith("f.yaml:2:1 b: an anchor: ");
    }

    @Test
    void a_value_in_a_message_is_on_one_line_and_bounded() {
        Section root = Objects.requireNonNull(reading.open("a: \"\\n\\e\\u202e\\\"" + "x".repeat(100) + "\"\n"));
        root.read("a", COUNT, 0);

        assertThat(problems())
                .containsExactly("f.yaml:1:1 a: \"\\n\\u001B\\u202E\\\"" + "x".repeat(76)
                        + "…\": expected a whole number from 0 to 9");
    }

    @Test
    void what_was_asked_for_is_known_whether_it_was_there_or_not() {
        Section root = Objects.requireNonNull(reading.open("b: { x: {} }\n"));
        root.read("a", COUNT, 5);
        Section b = root.section("b");
        b.names(new TextFormat(".*", "a name"), new Bounds(0, 1));
        b.section("x").require("c", COUNT);

        assertThat(reading.known())
                .containsExactly(
                        new KnownKey("a", "a whole number from 0 to 9", "5"),
                        new KnownKey("b", "a map", ""),
                        new KnownKey("b.NAME", "a map", ""),
                        new KnownKey("b.NAME.c", "a whole number from 0 to 9", "required"));
    }

    private List<String> problems() {
        return reading.problems().stream()
                .map(line -> line.replace(file.getParent() + "/", ""))
                .toList();
    }
}
