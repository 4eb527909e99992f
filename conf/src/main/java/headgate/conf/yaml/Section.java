package headgate.conf.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A map of the file that is asked for its keys, one by one, by name, format and default.
 *
 * <p>What it was asked for is what it knows: any other key is a problem. A value that does not fit is a problem too, and
 * the default is given in its place, so that reading goes on and finds the next one.
 */
public final class Section {
    private static final String REQUIRED = "required";

    private final Reading reading;
    private final Node.Fields node;
    private final String path;
    private final String pattern;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> unsound = new HashSet<>();
    private boolean named;

    Section(Reading reading, Node.Fields node, String path, String pattern) {
        this.reading = reading;
        this.node = node;
        this.path = path;
        this.pattern = pattern;
    }

    /** A value, or its default. */
    public <T> T read(String key, Format<T> format, T otherwise) {
        return read(key, format, otherwise, format.write(otherwise));
    }

    /** A value, or its default, which depends on the machine and is explained in words. */
    public <T> T read(String key, Format<T> format, T otherwise, String otherwiseInWords) {
        T value = value(key, format, otherwiseInWords);
        return value == null ? otherwise : value;
    }

    /** A value that may be absent. */
    public <T> @Nullable T find(String key, Format<T> format) {
        return value(key, format, "");
    }

    /** A value that must be there; null when it is not, which has been reported. */
    public <T> @Nullable T require(String key, Format<T> format) {
        return value(key, format, REQUIRED);
    }

    /** A list of different values, or its default. */
    public <T> List<T> readList(String key, Format<T> format, Bounds size, List<T> otherwise) {
        String expected = "a list of " + size + ", each " + format.expected();
        String written = otherwise.stream().map(format::write).collect(Collectors.joining(", ", "[", "]"));
        Node found = ask(key, expected, otherwise.isEmpty() ? "" : written);
        return found == null ? otherwise : list(key, found, format, size, expected);
    }

    /** One value, or a list of different ones. */
    public <T> List<T> requireOneOrMore(String key, Format<T> format, int max) {
        String expected = format.expected() + ", or a list of 1 to " + max + " of them";
        Node found = ask(key, expected, REQUIRED);
        if (found == null || found instanceof Node.Text) {
            T value = found == null ? null : value(found, key, path(key), format);
            return value == null ? List.of() : List.of(value);
        }
        return list(key, found, format, new Bounds(1, max), expected);
    }

    /** A section that is empty when it is absent, so that its defaults hold. */
    public Section section(String key) {
        Section found = findSection(key, "a map");
        return found == null ? reading.section(new Node.Fields(node.at(), Map.of()), path(key), pattern(key)) : found;
    }

    /** A section that may be absent. */
    public @Nullable Section findSection(String key, String expected) {
        return section(ask(key, expected, ""), key, path(key), pattern(key), expected);
    }

    /** A section where a text would do as well, and does by default. */
    public <T> @Nullable Section findSection(String key, Format<T> text, T otherwise) {
        Node found = ask(key, text.expected(), text.write(otherwise));
        return section(found, key, path(key), pattern(key), text.expected());
    }

    /** A section that must be there; null when it is not, which has been reported. */
    public @Nullable Section requireSection(String key, String expected) {
        return section(ask(key, expected, REQUIRED), key, path(key), pattern(key), expected);
    }

    /** A list of sections; empty when it is absent. */
    public List<Section> sections(String key, Bounds size) {
        return sections(key, size, "");
    }

    /** A list of sections that must be there. */
    public List<Section> requireSections(String key, Bounds size) {
        return sections(key, size, REQUIRED);
    }

    /** The keys of a section in which the operator chooses them; no two differ only in case. */
    public List<String> names(Format<String> name, Bounds size) {
        named = true;
        Map<String, String> firsts = new HashMap<>();
        node.fields().forEach((key, value) -> {
            known.add(key);
            if (name.read(key) == null) {
                reading.refuse(value.at(), path(key), "ill-formed name", name.expected());
            }
            String first = firsts.putIfAbsent(key.toLowerCase(Locale.ROOT), key);
            if (first != null) {
                refuse(
                        key,
                        "duplicate name",
                        "names that differ in more than case (" + Shown.key(first) + " is on line " + line(first)
                                + ")");
            }
        });
        if (!size.hold(node.fields().size())) {
            reading.refuse(node.at(), path, node.fields().size() + " names", size + " names");
        }
        return List.copyOf(node.fields().keySet());
    }

    /** Whether the key is there with a text, whatever it says. */
    public boolean holdsText(String key) {
        return node.fields().get(key) instanceof Node.Text;
    }

    /** Whether the key is there. */
    public boolean holds(String key) {
        return node.fields().containsKey(key);
    }

    /** Whether the key's value, or its absence, was accepted: else it is not worth to be compared with others. */
    public boolean sound(String key) {
        return !unsound.contains(key);
    }

    /** The line of a key that is there, or else of this section. */
    public int line(String key) {
        return at(key).line();
    }

    /**
     * The key's place as messages name it.
     *
     * <p>A foreign key without a value is cut short: in {@code {key:, SECRET}}, YAML takes the secret for a key.
     */
    public String path(String key) {
        boolean foreign = named || !known.contains(key);
        boolean stray = foreign && node.fields().get(key) instanceof Node.Nothing;
        String shown = stray ? Shown.beginning(key) : Shown.key(key);
        return path.isEmpty() ? shown : path + "." + shown;
    }

    /**
     * Reports a value that fits by itself and not with the others.
     *
     * @param value what stands there, never a secret
     */
    public void refuse(String key, String value, String expected) {
        unsound.add(key);
        reading.refuse(at(key), path(key), value, expected);
    }

    /** Reports what nobody asked for. */
    void refuseUnknownKeys() {
        node.fields().forEach((key, value) -> {
            if (!known.contains(key) && !(value instanceof Node.Broken)) {
                String expected = known.isEmpty() ? "no key" : "one of " + String.join(", ", known);
                refuse(key, "unknown key", expected + Spelling.hint(key, known));
            }
        });
    }

    private @Nullable Node ask(String key, String expected, String otherwise) {
        known.add(key);
        reading.note(new KnownKey(pattern(key), expected, otherwise));
        Node found = node.fields().get(key);
        if (found == null && otherwise.equals(REQUIRED)) {
            refuse(key, "missing", expected);
        }
        return found;
    }

    private <T> @Nullable T value(String key, Format<T> format, String otherwise) {
        Node found = ask(key, format.expected(), otherwise);
        return found == null ? null : value(found, key, path(key), format);
    }

    private <T> @Nullable T value(Node found, String key, String itsPath, Format<T> format) {
        T value = reading.value(found, itsPath, format);
        if (value == null) {
            unsound.add(key);
        }
        return value;
    }

    private <T> List<T> list(String key, Node found, Format<T> format, Bounds size, String expected) {
        Set<T> values = new LinkedHashSet<>();
        int index = 0;
        for (Node item : items(key, found, size, expected)) {
            String itemPath = path(key) + "[" + index++ + "]";
            T value = value(item, key, itemPath, format);
            if (value != null && !values.add(value)) {
                reading.refuse(item.at(), itemPath, "a repetition", "each value once");
            }
        }
        return List.copyOf(values);
    }

    private List<Section> sections(String key, Bounds size, String otherwise) {
        String expected = "a list of " + size + " maps";
        Node found = ask(key, expected, otherwise);
        List<Section> sections = new ArrayList<>();
        int index = 0;
        for (Node item : found == null ? List.<Node>of() : items(key, found, size, expected)) {
            String itemPath = path(key) + "[" + index++ + "]";
            Section section = section(item, key, itemPath, pattern(key) + "[]", "a map");
            if (section != null) {
                sections.add(section);
            }
        }
        return sections;
    }

    private @Nullable Section section(
            @Nullable Node found, String key, String itsPath, String itsPattern, String expected) {
        if (found instanceof Node.Fields fields) {
            return reading.section(fields, itsPath, itsPattern);
        }
        if (found != null) {
            refuseShape(found, key, itsPath, expected);
        }
        return null;
    }

    private List<Node> items(String key, Node found, Bounds size, String expected) {
        if (!(found instanceof Node.Items list)) {
            refuseShape(found, key, path(key), expected);
            return List.of();
        }
        int count = list.items().size();
        if (!size.hold(count)) {
            refuse(key, "a list of " + count, expected);
        }
        return list.items();
    }

    /** Says what the node is, and not what is written there: at the wrong place, it may be a secret. */
    private void refuseShape(Node found, String key, String itsPath, String expected) {
        unsound.add(key);
        if (!(found instanceof Node.Broken)) {
            reading.refuse(found.at(), itsPath, found.shape(), expected);
        }
    }

    private Position at(String key) {
        Node found = node.fields().get(key);
        return found == null ? node.at() : found.at();
    }

    private String pattern(String key) {
        String last = named ? "NAME" : key;
        return pattern.isEmpty() ? last : pattern + "." + last;
    }
}
