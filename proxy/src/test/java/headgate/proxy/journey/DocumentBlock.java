package headgate.proxy.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A fenced block of a document.
 *
 * @param language what stands behind its fence
 * @param text its lines
 */
record DocumentBlock(String language, String text) {
    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    /** All of them, in their order. */
    static List<DocumentBlock> of(Path document) throws IOException {
        return FENCED.matcher(Files.readString(document))
                .results()
                .map((MatchResult block) -> new DocumentBlock(block.group(1), block.group(2)))
                .toList();
    }
}
