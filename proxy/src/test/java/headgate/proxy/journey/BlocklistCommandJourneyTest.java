package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about blocklists, as an operator types them. */
class BlocklistCommandJourneyTest {
    private final Path directory;

    BlocklistCommandJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void itemsAreListedAsTheConfigurationAndAsProgramsReadThem() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 0)) {
            assertThat(nodes.done("list", "words")).isEmpty();
            assertThat(nodes.done("list", "words", "--json")).isEqualTo("[]\n");
            nodes.done("add", "words", "two words", "坏词", "a \"quote\"", "  blanks ");
            nodes.done("add", "words", "--regex", "a\\.b{2}", " c");
            assertThat(nodes.done("list", "words").lines())
                    .containsExactlyInAnyOrder(
                            "- \"two words\"",
                            "- \"坏词\"",
                            "- \"a \\\"quote\\\"\"",
                            "- \"blanks\"",
                            "- { pattern: \"a\\\\.b{2}\", isRegex: true }",
                            "- { pattern: \" c\", isRegex: true }");
            assertThat(nodes.done("list", "words", "--json"))
                    .startsWith("[{\"pattern\":\" c\",\"isRegex\":true},{\"pattern\":\"a\\\\.b{2}\",\"isRegex\":true},")
                    .endsWith("]\n");
            nodes.done("remove", "words", "blanks", "坏词");
            assertThat(nodes.done("list", "words").lines()).hasSize(4);
        }
    }

    @Test
    void itemsComeFromStandardInputALineEach() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 0)) {
            assertThat(nodes.blocklistOf("acme\r\n\n two words \n坏词\nacme", "add", "words")
                            .out())
                    .isEqualTo("words: 3 items added\n");
            assertThat(nodes.done("list", "words").lines())
                    .containsExactly("- \"acme\"", "- \"two words\"", "- \"坏词\"");
            assertThat(nodes.done("add", "words", "acme")).isEqualTo("words: 0 items added\n");
            assertThat(nodes.blocklistOf("acme\n坏词\n", "remove", "words").out()).isEqualTo("words: 2 items removed\n");
            assertRefused(nodes.blocklistOf("\n \n", "add", "words"), "no item is named");
            assertRefused(nodes.blocklistOf("a\n".repeat(10_001), "add", "words"), "more than 10000 lines");
        }
    }

    @Test
    void mistakesChangeNothing() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 0)) {
            nodes.done("add", "words", "acme");
            for (String bad : List.of("(", "a*", "\\Qa", "(?P<n>a)", "a".repeat(1001))) {
                assertRefused(nodes.blocklist("add", "words", "good", "--regex", bad), "expected an RE2 expression");
            }
            assertRefused(nodes.blocklist("add", "words", "good", " "), "expected a text that is not blank");
            assertRefused(nodes.blocklist("remove", "words", "acme", "none"), "words has no words none in Redis");
            assertRefused(
                    nodes.blocklist("remove", "words", "--regex", "acme"), "words has no expression acme in Redis");
            assertRefused(nodes.blocklist("add", "alone", "y"), "the blocklist alone is not shared");
            assertRefused(nodes.blocklist("list", "nowhere"), "the configuration has no blocklist nowhere");
            assertThat(KeyNodes.run("blocklist", "add").code())
                    .as("wrong usage")
                    .isEqualTo(2);
            assertThat(nodes.done("list", "words")).isEqualTo("- \"acme\"\n");
            nodes.redis.stop();
            assertRefused(nodes.blocklist("list", "words"), "Redis does not answer");
        }
    }

    @Test
    void listsInRedisNeedARedis() throws Exception {
        Path file = Files.writeString(
                directory.resolve("memory.yaml"),
                "blocklists: { words: {} }\ndeployments: { d: { upstreams: [{ url: http://h }] } }");
        assertRefused(KeyNodes.run("blocklist", "add", "words", "a", "--config", file.toString()), "state is memory");
    }

    private static void assertRefused(KeyNodes.Said said, String why) {
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.errors()).startsWith("headgate: ").contains(why);
    }
}
