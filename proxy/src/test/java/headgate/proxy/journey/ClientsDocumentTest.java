package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the document about clients compiles, where the tests have its library. */
class ClientsDocumentTest {
    private static final Pattern NAME = Pattern.compile("class (\\w+)");
    private static final Pattern OTHERS =
            Pattern.compile("import (dev\\.langchain4j|com\\.microsoft\\.semantickernel|org\\.springframework)");

    @Test
    void itsJavaCompiles(@TempDir Path directory) throws IOException {
        List<DocumentBlock> blocks = DocumentBlock.of(Path.of("..", "docs", "clients.md")).stream()
                .filter(block -> block.language().equals("java"))
                .filter(block -> !OTHERS.matcher(block.text()).find())
                .toList();
        assertThat(blocks).hasSize(3);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-d", directory.toString(), "-proc:none", "-cp", System.getProperty("java.class.path"));
        boolean good = compiler.getTask(
                        said,
                        null,
                        null,
                        options,
                        null,
                        blocks.stream().map(Source::new).toList())
                .call();
        assertThat(good).as(said.toString()).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(DocumentBlock block) {
            super(URI.create("string:///" + name(block.text()) + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = block.text();
        }

        private static String name(String text) {
            Matcher name = NAME.matcher(text);
            assertThat(name.find()).isTrue();
            return name.group(1);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
