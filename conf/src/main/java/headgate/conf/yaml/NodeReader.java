package headgate.conf.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * YAML text to one tree of located nodes.
 *
 * <p>Reports what is legal YAML and yet a trap in a configuration: duplicate keys, anchors, aliases, tags, more than one
 * document.
 */
final class NodeReader {
    /** A configuration nests about seven deep; the parser's own bound is far above what a call stack should carry. */
    static final int DEPTH_MAX = 16;

    private static final YAMLFactory YAML = new YAMLFactory();

    private final Problems problems;
    private final String text;
    private final int[] codePoints;

    NodeReader(String text, Problems problems) {
        this.problems = problems;
        this.text = Braces.hide(text);
        this.codePoints = this.text.codePoints().toArray();
    }

    /** The only document's root; null when the text was refused, which has been reported. */
    @Nullable
    Node read() {
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                problems.add(Position.START, "", "empty", "a map of keys");
                return null;
            }
            Node root = node(parser, "", position(parser.currentTokenLocation()), 0);
            if (root != null && parser.nextToken() != null) {
                problems.add(position(parser.currentTokenLocation()), "", "a second document", "one document");
            }
            return root;
        } catch (JsonProcessingException e) {
            refuse(e);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** The node that begins with the parser's current token; null when it nests too deep to go on. */
    private @Nullable Node node(YAMLParser parser, String path, Position at, int depth) throws IOException {
        if (depth == DEPTH_MAX) {
            problems.add(at, path, "nested too deep", "at most " + DEPTH_MAX + " levels");
            return null;
        }
        if (parser.isCurrentAlias()) {
            problems.add(
                    at, path, "an alias", "the value itself (aliases are not taken; quote a text that begins with *)");
            return new Node.Broken(at);
        }
        refuseAnchor(parser, path, at);
        if (parser.getTypeId() != null) {
            problems.add(at, path, "a tag", "the value alone (tags are not taken; quote a text that begins with !)");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> fields(parser, path, at, depth);
            case START_ARRAY -> items(parser, path, at, depth);
            case VALUE_NULL -> new Node.Nothing(at);
            default -> new Node.Text(at, Braces.reveal(parser.getText()));
        };
    }

    private @Nullable Node fields(YAMLParser parser, String path, Position at, int depth) throws IOException {
        Map<String, Node> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = Braces.reveal(parser.currentName());
            Position keyAt = position(parser.currentTokenLocation());
            String prefix = path.isEmpty() ? "" : path + ".";
            refuseAnchor(parser, path, keyAt);
            parser.nextToken();
            Node value = node(parser, prefix + Shown.key(key), keyAt, depth + 1);
            if (value == null) {
                return null;
            }
            Node first = fields.putIfAbsent(key, value);
            if (first != null) {
                String expected =
                        "each key once (the first is on line " + first.at().line() + ")";
                String shown = value instanceof Node.Nothing ? Shown.beginning(key) : Shown.key(key);
                problems.add(keyAt, prefix + shown, "duplicate key", expected);
            }
        }
        return new Node.Fields(at, fields);
    }

    private @Nullable Node items(YAMLParser parser, String path, Position at, int depth) throws IOException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Position itemAt = position(parser.currentTokenLocation());
            Node item = node(parser, path + "[" + items.size() + "]", itemAt, depth + 1);
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return new Node.Items(at, items);
    }

    /** Looks at what is written, since the parser forgets the anchor of a scalar. It counts in code points. */
    private void refuseAnchor(YAMLParser parser, String path, Position at) {
        long offset = parser.currentTokenLocation().getCharOffset();
        if (offset < codePoints.length && codePoints[(int) offset] == '&') {
            problems.add(
                    at, path, "an anchor", "the value alone (anchors are not taken; quote a text that begins with &)");
        }
    }

    /** Gives the parser's own explanation without the excerpt of the file in its message, which may show a secret. */
    private void refuse(JsonProcessingException e) {
        if (!(e.getCause() instanceof MarkedYAMLException yaml)) {
            problems.add(position(e.getLocation()), "", "not YAML", "texts as keys");
            return;
        }
        Mark mark = yaml.getProblemMark();
        Position at = mark == null ? Position.START : new Position(mark.getLine() + 1, mark.getColumn() + 1);
        // The one explanation that repeats what is written: an unquoted secret may well begin with an exclamation mark.
        String problem = String.valueOf(yaml.getProblem());
        String reason = problem.contains("tag handle") ? "a text that begins with ! must be quoted" : problem;
        problems.add(at, "", "not YAML", "correct YAML (" + reason + ")");
    }

    private static Position position(@Nullable JsonLocation location) {
        return location == null ? Position.START : new Position(location.getLineNr(), location.getColumnNr());
    }
}
