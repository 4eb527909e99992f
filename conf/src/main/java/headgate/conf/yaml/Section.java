package headgate.conf.yaml;

import java.util.HashMap;
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
        Entry found = ask(key, expected, otherwise.isEmpty() ? "" : written);
        return found == null ? otherwise : found.values(format, size, expected);
    }

    /** A list of different values, in which a text stands for a map in short; empty when it is absent. */
    public <T> List<T> readList(String key, Format<T> text, SectionReader<T> full, Bounds size) {
        String expected = "a list of " + size + ", each " + text.expected() + ", or a map";
        Entry found = ask(key, expected, "");
        return found == null ? List.of() : found.values(text, full, size, expected);
    }

    /** One value, or a list of different ones. */
    public <T> List<T> requireOneOrMore(String key, Format<T> format, int max) {
        return oneOrMore(key, format, max, REQUIRED);
    }

    /** One value, or a list of different ones; empty when it is absent. */
    public <T> List<T> readOneOrMore(String key, Format<T> format, int max) {
        return oneOrMore(key, format, max, "");
    }

    /** A section that is empty when it is absent, so that its defaults hold. */
    public Section section(String key) {
        Section found = findSection(key, "a map");
        return found == null ? reading.section(new Node.Fields(node.at(), Map.of()), path(key), pattern(key)) : found;
    }

    /** A section that may be absent. */
    public @Nullable Section findSection(String key, String expected) {
        return section(key, expected, "");
    }

    /** A section where a text would do as well, and does by default. */
    public <T> @Nullable Section findSection(String key, Format<T> text, T otherwise) {
        return section(key, text.expected(), text.write(otherwise));
    }

    /** A section that must be there; null when it is not, which has been reported. */
    public @Nullable Section requireSection(String key, String expected) {
        return section(key, expected, REQUIRED);
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
                String other = Shown.key(first) + " is on line " + line(first);
                refuse(key, "duplicate name", "names that differ in more than case (" + other + ")");
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

    /** Whether the key is there with a map, whatever it holds. */
    public boolean holdsMap(String key) {
        return node.fields().get(key) instanceof Node.Fields;
    }

    /** Whether the key is there. */
    public boolean holds(String key) {
        return node.fields().containsKey(key);
    }

    /** Whether nothing was wrong with the key's value: else it is not worth to be compared with others. */
    public boolean sound(String key) {
        return reading.sound(path(key));
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

    private @Nullable Entry ask(String key, String expected, String otherwise) {
        known.add(key);
        reading.note(new KnownKey(pattern(key), expected, otherwise));
        Node found = node.fields().get(key);
        if (found == null && otherwise.equals(REQUIRED)) {
            refuse(key, "missing", expected);
        }
        return found == null ? null : new Entry(reading, found, path(key), pattern(key));
    }

    private <T> List<T> oneOrMore(String key, Format<T> format, int max, String otherwise) {
        String expected = format.expected() + ", or a list of 1 to " + max + " of them";
        Entry found = ask(key, expected, otherwise);
        if (found == null) {
            return List.of();
        }
        if (holdsText(key)) {
            T value = found.value(format);
            return value == null ? List.of() : List.of(value);
        }
        return found.values(format, new Bounds(1, max), expected);
    }

    private <T> @Nullable T value(String key, Format<T> format, String otherwise) {
        Entry found = ask(key, format.expected(), otherwise);
        return found == null ? null : found.value(format);
    }

    private @Nullable Section section(String key, String expected, String otherwise) {
        Entry found = ask(key, expected, otherwise);
        return found == null ? null : found.section(expected);
    }

    private List<Section> sections(String key, Bounds size, String otherwise) {
        String expected = "a list of " + size + " maps";
        Entry found = ask(key, expected, otherwise);
        return found == null ? List.of() : found.sections(size, expected);
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
