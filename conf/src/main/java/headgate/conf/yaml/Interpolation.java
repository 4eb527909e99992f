package headgate.conf.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what a text takes from outside: {@code ${VARIABLE}} and {@code ${file:PATH}}.
 *
 * <p>Two dollar signs before a brace stand for one that means nothing. What was filled in is not looked at again.
 */
final class Interpolation {
    static final int FILE_BYTES_MAX = 64 << 10;

    private static final String FILE = "file:";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern TOKEN = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");

    private final Map<String, String> environment;
    private final Path directory;
    private final Set<Path> files = new LinkedHashSet<>();

    Interpolation(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    /** The text with everything filled in; null when something could not be, each told to {@code expected}. */
    @Nullable
    String expand(String written, Consumer<String> expected) {
        StringBuilder expanded = new StringBuilder();
        boolean whole = true;
        int from = 0;
        for (Matcher token = TOKEN.matcher(written); token.find(); from = token.end()) {
            expanded.append(written, from, token.start());
            String value = token.group(1) == null ? "${" : value(token.group(1), token.group(2), expected);
            whole &= value != null;
            expanded.append(value);
        }
        return whole ? expanded.append(written, from, written.length()).toString() : null;
    }

    /** The files that were asked for a value, whether they could be read or not. */
    Set<Path> files() {
        return files;
    }

    private @Nullable String value(String name, String end, Consumer<String> expected) {
        if (!end.isEmpty() && name.startsWith(FILE)) {
            return contents(name.substring(FILE.length()), expected);
        }
        if (end.isEmpty() || !VARIABLE.matcher(name).matches()) {
            expected.accept("${VARIABLE} or ${file:PATH}, or $${ for a plain ${");
            return null;
        }
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            String state = value == null ? " to be set" : " not to be empty";
            expected.accept("the environment variable " + Shown.key(name) + state);
            return null;
        }
        return value;
    }

    private @Nullable String contents(String name, Consumer<String> expected) {
        try {
            files.add(directory.resolve(name));
        } catch (InvalidPathException e) {
            expected.accept("the file " + Shown.value(name) + " to be readable");
            return null;
        }
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
            if (!text.isEmpty() && bytes.length <= FILE_BYTES_MAX) {
                return text;
            }
            expected.accept("the file " + Shown.value(name)
                    + (text.isEmpty() ? " not to be empty" : " to have at most " + FILE_BYTES_MAX + " bytes"));
        } catch (IOException e) {
            expected.accept("the file " + Shown.value(name) + " to be readable");
        }
        return null;
    }
}
