package headgate.conf.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One file on its way from YAML to values: what all its sections share. */
public final class Reading {
    private final Path file;
    private final Problems problems;
    private final Interpolation interpolation;
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, KnownKey> known = new LinkedHashMap<>();
    private final Set<String> doubted = new HashSet<>();

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

    /** The files that values were taken from, beside the file itself. */
    public Set<Path> files() {
        return interpolation.files();
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
        doubt(path);
        problems.add(at, path, value, expected);
    }

    /** Remembers that there is something wrong at a path. */
    void doubt(String path) {
        doubted.add(path);
    }

    boolean sound(String path) {
        return !doubted.contains(path);
    }

    void note(KnownKey key) {
        known.putIfAbsent(key.pattern(), key);
    }

    @Nullable
    String expand(String written, Consumer<String> expected) {
        return interpolation.expand(written, expected);
    }
}
