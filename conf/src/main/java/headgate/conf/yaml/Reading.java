package headgate.conf.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One file on its way from YAML to values: what all its sections share. */
public final class Reading {
    private final Path file;
    private final Problems problems;
    private final Interpolation interpolation;
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, KnownKey> known = new LinkedHashMap<>();

    /**
     * Prepares.
     *
     * @param file the name for messages, and the place from which relative files are found
     * @param environment where variables are looked up
     */
    public Reading(Path file, Map<String, String> environment) {
        this.file = file;
        this.problems = new Problems(file);
        this.interpolation = new Interpolation(environment, directory());
    }

    /** The configuration's directory. */
    public Path directory() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** The text of the file; null when it cannot be read. */
    public @Nullable String text() {
        return SourceText.read(file, problems);
    }

    /** The outermost section of a text; null when it has none. */
    public @Nullable Section open(String text) {
        Node root = SourceText.sound(text, problems) ? new NodeReader(text, problems).read() : null;
        if (root == null || root instanceof Node.Fields) {
            return root == null ? null : section((Node.Fields) root, "", "");
        }
        problems.add(root.at(), "", root.shape(), "a map of keys");
        return null;
    }

    /** Everything that is wrong, in the file's order; called when all sections have been asked for all their keys. */
    public List<String> problems() {
        sections.forEach(Section::refuseUnknownKeys);
        sections.clear();
        return problems.lines();
    }

    /** Every key that any section was asked for, in the order of asking. */
    public Collection<KnownKey> known() {
        return known.values();
    }

    Section section(Node.Fields node, String path, String pattern) {
        Section section = new Section(this, node, path, pattern);
        sections.add(section);
        return section;
    }

    void refuse(Position at, String path, String value, String expected) {
        problems.add(at, path, value, expected);
    }

    void note(KnownKey key) {
        known.putIfAbsent(key.pattern(), key);
    }

    /** What a node says in a format; null when it does not, which has been reported. */
    <T> @Nullable T value(Node node, String path, Format<T> format) {
        if (node instanceof Node.Broken) {
            return null;
        }
        if (!(node instanceof Node.Text text)) {
            refuse(node.at(), path, node.shape(), format.expected());
            return null;
        }
        String shown = format.shown(text.written());
        String expanded = interpolation.expand(text.written(), expected -> refuse(node.at(), path, shown, expected));
        if (expanded == null) {
            return null;
        }
        T value = format.read(expanded);
        if (value == null) {
            refuse(node.at(), path, shown, format.expected() + format.remark(expanded));
        }
        return value;
    }
}
