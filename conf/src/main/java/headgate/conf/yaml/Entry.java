package headgate.conf.yaml;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node that somebody asked for, with its path, to be taken as what the asker expects. */
record Entry(Reading reading, Node node, String path, String pattern) {
    /** A value; null when it does not fit. */
    <T> @Nullable T value(Format<T> format) {
        if (!(node instanceof Node.Text text)) {
            refuseShape(format.expected());
            return null;
        }
        String shown = format.shown(text.written());
        String expanded = reading.expand(text.written(), expected -> refuse(shown, expected));
        T value = expanded == null ? null : format.read(expanded);
        if (expanded != null && value == null) {
            refuse(shown, format.expected() + format.remark(expanded));
        }
        return value;
    }

    /** Those of a list's values that fit, and differ. */
    <T> List<T> values(Format<T> format, Bounds size, String expected) {
        Set<T> values = new LinkedHashSet<>();
        for (Entry item : items(size, expected)) {
            T value = item.value(format);
            if (value != null && !values.add(value)) {
                item.refuse("a repetition", "each value once");
            }
        }
        return List.copyOf(values);
    }

    /** Those of a list's values that fit, and differ; a text or a section each. */
    <T> List<T> values(Format<T> text, SectionReader<T> full, Bounds size, String expected) {
        Set<T> values = new LinkedHashSet<>();
        for (Entry item : items(size, expected)) {
            Section section = item.node instanceof Node.Fields ? item.section("a map") : null;
            T value = section == null ? item.value(text) : full.read(section);
            if (value != null && !values.add(value)) {
                item.refuse("a repetition", "each value once");
            }
        }
        return List.copyOf(values);
    }

    /** A section; null when it is something else. */
    @Nullable
    Section section(String expected) {
        if (node instanceof Node.Fields fields) {
            return reading.section(fields, path, pattern);
        }
        refuseShape(expected);
        return null;
    }

    /** Those of a list's items that are sections. */
    List<Section> sections(Bounds size, String expected) {
        List<Section> sections = new ArrayList<>();
        for (Entry item : items(size, expected)) {
            Section section = item.section("a map");
            if (section != null) {
                sections.add(section);
            }
        }
        return sections;
    }

    private List<Entry> items(Bounds size, String expected) {
        if (!(node instanceof Node.Items list)) {
            refuseShape(expected);
            return List.of();
        }
        int count = list.items().size();
        if (!size.hold(count)) {
            // Nor looked into: what is wrong with half a million items would take seconds to say.
            refuse("a list of " + count, expected);
            return List.of();
        }
        List<Entry> items = new ArrayList<>(count);
        for (Node item : list.items()) {
            items.add(new Entry(reading, item, path + "[" + items.size() + "]", pattern + "[]"));
        }
        return items;
    }

    /** Says what the node is, and not what is written there: at the wrong place, it may be a secret. */
    private void refuseShape(String expected) {
        if (node instanceof Node.Broken) {
            reading.doubt(path);
        } else {
            refuse(node.shape(), expected);
        }
    }

    private void refuse(String value, String expected) {
        reading.refuse(node.at(), path, value, expected);
    }
}
