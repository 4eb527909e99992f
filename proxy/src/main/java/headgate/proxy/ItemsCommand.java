package headgate.proxy;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command about items of a blocklist, which stand in its arguments or on standard input. */
abstract class ItemsCommand extends BlocklistCommand.OfList {
    @Parameters(
            index = "1..*",
            paramLabel = "PATTERN",
            description = "items; without any, each line of standard input is one")
    private List<String> patterns = List.of();

    @Option(names = "--regex", description = "they are regular expressions (RE2), and not words")
    private boolean regex;

    /** Them, each once and valid. */
    final List<Item> items() throws Refusal {
        Set<Item> items = new LinkedHashSet<>();
        for (String pattern : patterns.isEmpty() ? lines() : patterns) {
            Item item = new Item(regex ? pattern : pattern.strip(), regex);
            if (!item.isValid()) {
                throw new Refusal("\"" + pattern + "\": expected " + Item.expected(regex));
            }
            items.add(item);
        }
        if (items.isEmpty()) {
            throw new Refusal("no item is named, by an argument or on standard input");
        }
        return List.copyOf(items);
    }

    private static List<String> lines() throws Refusal {
        // Closed by whoever opened it.
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            List<String> lines = in.lines()
                    .filter(line -> !line.isBlank())
                    .limit(BlocklistConfig.ITEMS_MAX + 1L)
                    .toList();
            if (lines.size() > BlocklistConfig.ITEMS_MAX) {
                throw new Refusal("standard input has more than " + BlocklistConfig.ITEMS_MAX + " lines");
            }
            return lines;
        } catch (UncheckedIOException e) {
            throw new Refusal("standard input cannot be read: " + e.getMessage());
        }
    }
}
