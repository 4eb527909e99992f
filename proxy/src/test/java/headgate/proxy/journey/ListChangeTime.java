package headgate.proxy.journey;

import headgate.conf.BlocklistConfig.Item;
import headgate.conf.ConfigLoader;
import headgate.conf.RedisConfig;
import headgate.filters.content.lists.RedisListTable;
import headgate.filters.redis.RedisLink;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Measures how long a changed blocklist takes to be in force on all nodes; a main, since what it prints depends on the machine. */
final class ListChangeTime {
    private static final int ROUNDS = 20;
    private static final int NODES = 2;

    private ListChangeTime() {}

    /** Prints the median and the most, for one word beside few others and beside thousands. */
    public static void main(String[] arguments) throws Exception {
        try (ListNodes nodes = new ListNodes(Files.createTempDirectory("lists"), NODES)) {
            RedisConfig state = ConfigLoader.load(Files.readString(nodes.file), nodes.file, Map.of())
                    .state();
            RedisLink link = RedisLink.open(Objects.requireNonNull(state));
            RedisListTable table = new RedisListTable(link);
            measure(nodes, table, "a list of 20 items");
            nodes.blocklistOf(SharedListsJourneyTest.words(0, 9_900), "add", "words");
            nodes.awaitStatus("word9899x", 400);
            measure(nodes, table, "a list of 9,920 items");
            link.close().toCompletableFuture().join();
        }
    }

    private static void measure(ListNodes nodes, RedisListTable table, String what) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Item> items = List.of(new Item("acme" + round, false));
            millis.addAll(times(nodes, "acme" + round, 400, () -> table.add("words", items)));
            millis.addAll(times(nodes, "acme" + round, 200, () -> table.remove("words", items)));
        }
        Collections.sort(millis);
        System.out.printf(
                "%s: a change was in force %d ms (median), %d ms (most of %d) after Redis was told%n",
                what, millis.get(millis.size() / 2), millis.get(millis.size() - 1), millis.size());
    }

    private static List<Long> times(ListNodes nodes, String word, int status, Supplier<CompletionStage<Long>> change)
            throws Exception {
        Thread.sleep(ThreadLocalRandom.current().nextInt(300, 900));
        long begun = System.nanoTime();
        List<CompletableFuture<Long>> inForce = new ArrayList<>();
        for (TestGateway gateway : nodes.gateways) {
            CompletableFuture<Long> time = new CompletableFuture<>();
            inForce.add(time);
            new Thread(() -> {
                        try {
                            while (ListNodes.status(gateway, word) != status) {
                                Thread.sleep(2);
                            }
                            time.complete((System.nanoTime() - begun) / 1_000_000);
                        } catch (Exception e) {
                            time.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        change.get().toCompletableFuture().join();
        return inForce.stream().map(CompletableFuture::join).toList();
    }
}
