package headgate.filters.content.lists;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import headgate.filters.redis.LuaScript;
import headgate.filters.redis.RedisLink;
import headgate.filters.redis.ScriptAnswer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The items of shared blocklists in Redis, each list a sorted set with a version.
 *
 * <p>Every change gives its list another version, by which nodes see that they have to read it again. Long lists are read
 * and changed in pieces, so that no command keeps others waiting for long. A piece is
 * changed as one step; a list that is read while it changes is read again, since its version has changed by then.
 */
public final class RedisListTable {
    /** Items in one command: with the longest patterns 1 MB, with usual ones 10 KB. */
    private static final int PIECE = 250;

    private static final LuaScript VERSIONS = LuaScript.beside(RedisListTable.class, "list-versions.lua");
    private static final LuaScript ITEMS = LuaScript.beside(RedisListTable.class, "list-items.lua");
    private static final LuaScript CHANGE = LuaScript.beside(RedisListTable.class, "change-items.lua");
    /** All lists are in one slot, so that one command tells all versions. */
    private static final String SLOT = "blocklists";

    private static final String WORDS = "w";
    private static final String EXPRESSION = "r";

    private final RedisLink link;
    private final String versions;

    /** The table in the Redis at the other end. */
    public RedisListTable(RedisLink link) {
        this.link = link;
        this.versions = link.key(SLOT, "versions");
    }

    /** Whether Redis may be just a moment away: it was not reached yet, and nothing has failed. */
    boolean connecting() {
        return !link.status().up() && link.status().error() == null;
    }

    /** The versions of these lists; empty where nothing was ever put into a list. Fails as {@link RedisLink#runPatiently} does. */
    CompletionStage<Map<String, String>> versions(List<String> names) {
        return link.runPatiently(VERSIONS, List.of(versions), names.toArray(String[]::new))
                .thenApply(answer -> {
                    Map<String, String> found = new LinkedHashMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        found.put(names.get(i), text(answer, i));
                    }
                    return found;
                });
    }

    /** The items of a list, in order; fails as {@link RedisLink#runPatiently} does. Reading ends above what a list may hold. */
    public CompletionStage<List<Item>> items(String name) {
        return itemsBehind("", name, new ArrayList<>());
    }

    /** Adds items to a list; answers how many of them were not there before. Fails as {@link RedisLink#runPatiently} does. */
    public CompletionStage<Long> add(String name, Collection<Item> items) {
        return change(name, "add", items);
    }

    /** Takes items out of a list; answers how many of them were there. Fails as {@link RedisLink#runPatiently} does. */
    public CompletionStage<Long> remove(String name, Collection<Item> items) {
        return change(name, "remove", items);
    }

    private CompletionStage<List<Item>> itemsBehind(String last, String name, List<Item> read) {
        return link.runPatiently(ITEMS, List.of(itemsOf(name)), last, Integer.toString(PIECE))
                .thenCompose(answer -> {
                    String end = last;
                    for (int i = 0; i < answer.size(); i++) {
                        end = text(answer, i);
                        read.add(new Item(end.substring(1), end.startsWith(EXPRESSION)));
                    }
                    return answer.size() < PIECE || read.size() > BlocklistConfig.ITEMS_MAX
                            ? CompletableFuture.completedStage(read)
                            : itemsBehind(end, name, read);
                });
    }

    private CompletionStage<Long> change(String name, String how, Collection<Item> items) {
        List<String> written = items.stream()
                .map(item -> (item.isRegex() ? EXPRESSION : WORDS) + item.pattern())
                .toList();
        CompletionStage<Long> changed = CompletableFuture.completedStage(0L);
        for (int from = 0; from < written.size(); from += PIECE) {
            List<String> piece = written.subList(from, Math.min(from + PIECE, written.size()));
            changed =
                    changed.thenCompose(before -> changePiece(name, how, piece).thenApply(more -> before + more));
        }
        return changed;
    }

    private CompletionStage<Long> changePiece(String name, String how, List<String> piece) {
        List<String> arguments = new ArrayList<>(List.of(name, UUID.randomUUID().toString(), how));
        arguments.addAll(piece);
        return link.runPatiently(CHANGE, List.of(versions, itemsOf(name)), arguments.toArray(String[]::new))
                .thenApply(answer -> answer.number(0));
    }

    private String itemsOf(String name) {
        return link.key(SLOT, "items:" + name);
    }

    private static String text(ScriptAnswer answer, int index) {
        String text = answer.text(index);
        return text == null ? "" : text;
    }
}
