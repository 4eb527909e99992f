package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigurationReferenceTest {
    @Test
    void the_document_is_what_the_readers_and_the_example_say() throws IOException {
        Path made = Files.writeString(Path.of("target", "configuration.md"), ConfigurationReference.text());
        assertThat(Path.of("..", "docs", "configuration.md"))
                .as("a key has changed; renew the document by: cp conf/target/configuration.md docs/")
                .hasSameTextualContentAs(made);
    }

    @Test
    void every_key_has_a_sentence() throws IOException {
        assertThat(ConfigurationReference.text().lines().filter(line -> line.startsWith("| `")))
                .hasSizeGreaterThan(200)
                .allSatisfy(line -> assertThat(line).as("what does it do?").doesNotEndWith("|  |"));
    }
}
