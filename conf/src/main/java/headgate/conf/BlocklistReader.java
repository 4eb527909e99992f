package headgate.conf;

import headgate.conf.BlocklistConfig.Item;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.WordFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lists of forbidden words, by name. */
final class BlocklistReader {
    private static final Bounds LISTS = new Bounds(0, 1000);
    private static final Bounds ITEMS = new Bounds(0, BlocklistConfig.ITEMS_MAX);
    private static final Format<Item> WORDS = new ItemFormat(false);
    private static final Format<Item> EXPRESSION = new ItemFormat(true);

    private BlocklistReader() {}

    /**
     * Reads them.
     *
     * @param redis whether there is one for what is shared
     */
    static Map<String, BlocklistConfig> read(Section section, boolean redis) {
        Map<String, BlocklistConfig> lists = new LinkedHashMap<>();
        for (String name : section.names(GatewayReader.NAME, LISTS)) {
            Section written = section.requireSection(name, "a map of matchCase, confusables, shared and items");
            if (written != null) {
                lists.put(name, list(name, written, redis));
            }
        }
        return Collections.unmodifiableMap(lists);
    }

    private static BlocklistConfig list(String name, Section list, boolean redis) {
        boolean matchCase = list.read("matchCase", WordFormat.FLAG, false);
        boolean confusables = list.read("confusables", WordFormat.FLAG, false);
        boolean shared = list.read("shared", WordFormat.FLAG, false);
        if (shared && !redis) {
            list.refuse("shared", "there is no Redis to share it by", "this key only with a Redis in state");
        }
        List<Item> items = list.readList("items", WORDS, BlocklistReader::item, ITEMS);
        return new BlocklistConfig(name, matchCase, confusables, shared, items);
    }

    private static @Nullable Item item(Section item) {
        boolean isRegex = item.read("isRegex", WordFormat.FLAG, false);
        return item.require("pattern", isRegex ? EXPRESSION : WORDS);
    }
}
