package headgate.conf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of a file in block style, each with the comment above it: a reader that knows nothing of the loader. */
final class CommentedKeys {
    private static final Pattern LINE = Pattern.compile("( *)(- )?(?:# ?(.*)|([\\w.-]+):.*)?");

    private final Deque<Level> levels = new ArrayDeque<>();
    private final Map<String, String> comments = new LinkedHashMap<>();
    private String comment = "";

    private record Level(int indent, String pattern) {}

    private CommentedKeys() {
        levels.push(new Level(-1, ""));
    }

    /** Comments by pattern, as the loader names its keys; of a key that comes again, the first. */
    static Map<String, String> of(String text) {
        CommentedKeys keys = new CommentedKeys();
        text.lines().forEach(keys::line);
        return keys.comments;
    }

    private void line(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalArgumentException(text);
        }
        if (line.group(4) == null) {
            comment = line.group(3) == null ? "" : (comment + " " + line.group(3)).strip();
            return;
        }
        int indent = line.group(1).length();
        if (line.group(2) != null) {
            enter(indent, parent(indent) + "[]");
            indent += 2;
        }
        String parent = parent(indent);
        boolean named = List.of(
                        "keys",
                        "tracing.headers",
                        "credentials",
                        "deployments",
                        "contentFilters",
                        "blocklists",
                        "judges",
                        "rateLimits.principals")
                .contains(parent);
        String pattern = (parent.isEmpty() ? "" : parent + ".") + (named ? "NAME" : line.group(4));
        enter(indent, pattern);
        comments.putIfAbsent(pattern, comment);
        comment = "";
    }

    private String parent(int indent) {
        while (levels.element().indent >= indent) {
            levels.pop();
        }
        return levels.element().pattern;
    }

    private void enter(int indent, String pattern) {
        levels.push(new Level(indent, pattern));
    }
}
