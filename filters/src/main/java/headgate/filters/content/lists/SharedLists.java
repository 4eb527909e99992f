package headgate.filters.content.lists;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node knows of the blocklists in Redis, for one configuration.
 *
 * <p>Four times a second it asks for the versions of all of them, and reads those that have changed. While Redis is away, what
 * is known goes on, and also when Redis has come back without the list: a filter does not open because somebody's data is
 * lost. One look follows the other, so at most one list is read at a time. May be asked on all threads.
 */
public final class SharedLists {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLists.class);
    /** A quarter of the second within which a change holds everywhere: the rest is for reading and compiling. */
    private static final long LOOK_MS = 250;
    /** Until the first answer, for which the start of the gateway waits. */
    private static final long FIRST_LOOK_MS = 20;
    /** Looks without an answer, after which it is told, and no longer waited for. */
    private static final int FAILURES_MAX = 8;

    /**
     * What was read of a list.
     *
     * @param version of the list; empty when nothing was ever put into it
     * @param items those in Redis that can be used
     * @param all those and the configuration's, within the bound of a list
     */
    private record Known(String version, List<Item> items, List<Item> all) {}

    private final RedisListTable table;
    private final Map<String, BlocklistConfig> lists;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    /** Of the looks alone, which come one after the other. */
    private final Set<String> lost = new HashSet<>();

    private int failures;

    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile Consumer<String> listener = name -> {};
    private volatile boolean closed;

    /**
     * The lists of one configuration, of which at first is known what was known before.
     *
     * @param lists by name, at least one; each shared
     * @param before what another configuration knows; null for nothing
     */
    public SharedLists(RedisListTable table, Map<String, BlocklistConfig> lists, @Nullable SharedLists before) {
        this.table = table;
        this.lists = Map.copyOf(lists);
        if (before != null) {
            lists.forEach((name, list) -> {
                Known same = before.known.get(name);
                if (same != null) {
                    known.put(name, new Known(same.version, same.items, all(list, same.items)));
                }
            });
        }
        if (isKnown()) {
            settled.complete(null);
        }
    }

    /**
     * Looks after the lists from now on.
     *
     * @param changed told, on a background thread of Java's own, which list's items are others now
     */
    public void follow(Consumer<String> changed) {
        listener = changed;
        look();
    }

    /** The items in force of a list, from the configuration and from Redis. */
    public List<Item> items(BlocklistConfig list) {
        Known items = known.get(list.name());
        return items == null ? list.items() : items.all;
    }

    /** Complete when all lists are known, or Redis turned out not to tell. */
    public CompletionStage<Void> settled() {
        return settled.minimalCompletionStage();
    }

    /** Whether all lists were read at some time. */
    public boolean isKnown() {
        return known.keySet().containsAll(lists.keySet());
    }

    /** Ends the looking. */
    public void close() {
        closed = true;
    }

    /** Looks whether anything has changed, and again a little later. */
    private void look() {
        if (closed) {
            return;
        }
        table.versions(List.copyOf(lists.keySet()))
                .thenCompose(this::readChanged)
                .whenComplete((done, error) -> {
                    judge(error);
                    CompletableFuture.delayedExecutor(
                                    settled.isDone() ? LOOK_MS : FIRST_LOOK_MS, TimeUnit.MILLISECONDS, Runnable::run)
                            .execute(this::look);
                });
    }

    private void judge(@Nullable Throwable error) {
        if (error == null) {
            failures = 0;
            settled.complete(null);
        } else if (!table.connecting() && ++failures == FAILURES_MAX) {
            LOG.warn(
                    "The shared blocklists cannot be read; until they can, {}: {}",
                    isKnown() ? "what is known of them holds" : "the items of the configuration hold alone",
                    describe(error));
            settled.complete(null);
        }
    }

    private CompletionStage<Void> readChanged(Map<String, String> versions) {
        CompletionStage<Void> read = CompletableFuture.completedStage(null);
        for (Map.Entry<String, String> each : versions.entrySet()) {
            String name = each.getKey();
            String version = each.getValue();
            if (isNew(name, version)) {
                read = read.thenCompose(done -> table.items(name)).thenAcceptAsync(items -> take(name, version, items));
            }
        }
        return read;
    }

    private boolean isNew(String name, String version) {
        Known before = known.get(name);
        if (before == null) {
            return true;
        }
        if (version.isEmpty() && !before.version.isEmpty()) {
            if (lost.add(name)) {
                LOG.warn("Redis has lost the blocklist {}: what is known of it holds until it is changed", name);
            }
            return false;
        }
        lost.remove(name);
        return !version.equals(before.version);
    }

    private void take(String name, String version, List<Item> read) {
        BlocklistConfig list = lists.get(name);
        if (list == null) {
            throw new IllegalArgumentException("nobody asked for " + name);
        }
        List<Item> items = read.stream().filter(Item::isValid).toList();
        if (items.size() < read.size()) {
            LOG.warn(
                    "{} items of the blocklist {} in Redis cannot be compiled, and are left out",
                    read.size() - items.size(),
                    name);
        }
        known.put(name, new Known(version, items, all(list, items)));
        try {
            listener.accept(name);
        } catch (RuntimeException e) {
            LOG.error("The blocklist {} could not be taken up, and the items before hold", name, e);
        }
    }

    private static String describe(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static List<Item> all(BlocklistConfig list, Collection<Item> items) {
        Set<Item> all = new LinkedHashSet<>(list.items());
        all.addAll(items);
        int surplus = all.size() - BlocklistConfig.ITEMS_MAX;
        if (surplus > 0) {
            LOG.warn(
                    "The blocklist {} has more than {} items: those above are left out",
                    list.name(),
                    BlocklistConfig.ITEMS_MAX);
        }
        return surplus > 0 ? List.copyOf(new ArrayList<>(all).subList(0, BlocklistConfig.ITEMS_MAX)) : List.copyOf(all);
    }
}
