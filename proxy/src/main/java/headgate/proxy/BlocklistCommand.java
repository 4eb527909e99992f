package headgate.proxy;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import headgate.conf.GatewayConfig;
import headgate.filters.content.lists.RedisListTable;
import headgate.filters.redis.RedisLink;
import headgate.proxy.admin.JsonText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headgate blocklist}: changes the blocklists that nodes share. */
@Command(
        name = "blocklist",
        description = "Changes blocklists that nodes share by Redis. All nodes take up a change within a second.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BlocklistCommand.Add.class, BlocklistCommand.Remove.class, BlocklistCommand.ListAll.class})
final class BlocklistCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
    }

    /** One that acts on a list. */
    abstract static class OfList extends RedisCommand {
        @Parameters(index = "0", paramLabel = "LIST", description = "which one of blocklists, with shared: true")
        private String name = "";

        @Option(names = "--config", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
        private @Nullable Path file;

        abstract void act(BlocklistConfig list, RedisListTable table, PrintWriter out) throws Refusal;

        @Override
        @Nullable
        Path file() {
            return file;
        }

        @Override
        final void act(GatewayConfig config, RedisLink link, PrintWriter out) throws Refusal {
            BlocklistConfig list = config.blocklists().get(name);
            if (list == null || !list.shared()) {
                throw new Refusal(
                        list == null
                                ? "the configuration has no blocklist " + name
                                : "the blocklist " + name + " is not shared: its items are those of the configuration");
            }
            act(list, new RedisListTable(link), out);
            out.flush();
        }

        static String count(long number) {
            return number + (number == 1 ? " item" : " items");
        }
    }

    /** {@code headgate blocklist add LIST PATTERN...}. */
    @Command(
            name = "add",
            description = "Adds items to a list. One that it has already is no error.",
            mixinStandardHelpOptions = true)
    static final class Add extends ItemsCommand {
        @Override
        void act(BlocklistConfig list, RedisListTable table, PrintWriter out) throws Refusal {
            List<Item> items = items();
            Set<Item> all = new LinkedHashSet<>(list.items());
            all.addAll(wait(table.items(list.name())));
            all.addAll(items);
            if (all.size() > BlocklistConfig.ITEMS_MAX) {
                throw new Refusal("with these, " + list.name() + " would have " + count(all.size()) + ", of "
                        + BlocklistConfig.ITEMS_MAX + " that it may have with those of the configuration");
            }
            out.println(list.name() + ": " + count(wait(table.add(list.name(), items))) + " added");
        }
    }

    /** {@code headgate blocklist remove LIST PATTERN...}. */
    @Command(
            name = "remove",
            description =
                    "Takes items out of a list, written as they were added. One that is not there is an error, and"
                            + " then nothing is done.",
            mixinStandardHelpOptions = true)
    static final class Remove extends ItemsCommand {
        @Override
        void act(BlocklistConfig list, RedisListTable table, PrintWriter out) throws Refusal {
            List<Item> items = items();
            Set<Item> known = Set.copyOf(wait(table.items(list.name())));
            for (Item item : items) {
                if (!known.contains(item)) {
                    throw new Refusal(list.name() + " has no " + (item.isRegex() ? "expression " : "words ")
                            + item.pattern() + " in Redis");
                }
            }
            out.println(list.name() + ": " + count(wait(table.remove(list.name(), items))) + " removed");
        }
    }

    /** {@code headgate blocklist list LIST}. */
    @Command(
            name = "list",
            description = "Lists what a list has in Redis, as the configuration would say it.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends OfList {
        @Option(names = "--json", description = "as one array of objects with pattern and isRegex")
        private boolean json;

        @Override
        void act(BlocklistConfig list, RedisListTable table, PrintWriter out) {
            List<Item> items = wait(table.items(list.name()));
            if (json) {
                out.println(JsonText.of(document -> {
                    document.writeStartArray();
                    for (Item item : items) {
                        document.writeStartObject();
                        document.writeStringField("pattern", item.pattern());
                        document.writeBooleanField("isRegex", item.isRegex());
                        document.writeEndObject();
                    }
                    document.writeEndArray();
                }));
                return;
            }
            for (Item item : items) {
                String pattern = JsonText.of(document -> document.writeString(item.pattern()));
                out.println(item.isRegex() ? "- { pattern: " + pattern + ", isRegex: true }" : "- " + pattern);
            }
        }
    }
}
