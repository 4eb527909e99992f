package headgate.filters.content.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import headgate.conf.ConfigLoader;
import headgate.conf.RedisConfig;
import headgate.filters.redis.RedisLink;
import headgate.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node knows of lists in a real Redis is what is there. */
final class SharedListsTest {
    private static final BlocklistConfig LIST =
            new BlocklistConfig("words", false, false, true, List.of(new Item("written", false)));
    private static final long SEED = 5;

    private RedisServer redis;
    private RedisLink link;
    private RedisListTable table;

    @BeforeEach
    void start() throws Exception {
        redis = new RedisServer();
        RedisConfig config = Objects.requireNonNull(ConfigLoader.load(
                        "state: { redis: \"" + redis.url() + "\", deadline: 2s }\n"
                                + "deployments: { a: { upstreams: [{ url: http://h }] } }",
                        Path.of("test.yaml").toAbsolutePath(),
                        Map.of())
                .state());
        link = RedisLink.open(config);
        await().until(() -> link.status().up());
        table = new RedisListTable(link);
    }

    @AfterEach
    void stop() {
        link.close().toCompletableFuture().join();
        redis.close();
    }

    @Test
    void whatIsReadIsWhatWasAddedAndNotRemovedWhateverTheLength() {
        Random random = new Random(SEED);
        Set<Item> expected = new HashSet<>();
        for (int count : new int[] {0, 1, 249, 250, 251, 500, 1200}) {
            List<Item> items = IntStream.range(0, count)
                    .mapToObj(i -> new Item("i" + random.nextInt(3000), random.nextBoolean()))
                    .distinct()
                    .toList();
            long fresh = items.stream().filter(expected::add).count();
            assertThat(table.add("words", items).toCompletableFuture().join())
                    .as("seed %d, %d added", SEED, count)
                    .isEqualTo(fresh);
            List<Item> gone = List.copyOf(expected).subList(0, expected.size() / 3);
            assertThat(table.remove("words", gone).toCompletableFuture().join())
                    .as("seed %d, %d removed", SEED, count)
                    .isEqualTo(gone.size());
            expected.removeAll(gone);
            assertThat(table.items("words").toCompletableFuture().join())
                    .as("seed %d, after %d", SEED, count)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(table.items("others").toCompletableFuture().join()).isEmpty();
    }

    @Test
    void readingEndsSoonAboveWhatAListMayHold() {
        for (int from = 0; from < 12_000; from += 4_000) {
            table.add(
                            "words",
                            IntStream.range(from, from + 4_000)
                                    .mapToObj(i -> new Item("i" + i, false))
                                    .toList())
                    .toCompletableFuture()
                    .join();
        }
        assertThat(table.items("words").toCompletableFuture().join()).hasSizeBetween(10_001, 10_250);
    }

    @Test
    void changesAreToldOnceAndWhereNothingElseWaits() throws Exception {
        table.add("words", List.of(new Item("acme", false), new Item("(", true)));
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        SharedLists lists = new SharedLists(table, Map.of("words", LIST), null);
        assertThat(lists.items(LIST)).isEqualTo(LIST.items());
        assertThat(lists.isKnown()).isFalse();
        lists.follow(name -> told.add(name + " on " + Thread.currentThread().getName()));
        await().until(() -> lists.settled().toCompletableFuture().isDone());
        assertThat(lists.isKnown()).isTrue();
        assertThat(lists.items(LIST)).containsExactly(new Item("written", false), new Item("acme", false));
        table.add("words", List.of(new Item("later", false)));
        await().until(() -> lists.items(LIST).size() == 3);
        await().until(() -> told.size() == 2);
        Thread.sleep(600);
        assertThat(told)
                .as("neither where Redis' answers are read nor where deadlines are kept")
                .hasSize(2)
                .noneMatch(name -> name.contains("lettuce") || name.contains("DelayScheduler"));
        lists.close();
    }

    @Test
    void aListenerThatFailsEndsNothing() {
        SharedLists lists = new SharedLists(table, Map.of("words", LIST), null);
        lists.follow(name -> {
            throw new IllegalStateException("told to fail");
        });
        await().until(lists::isKnown);
        table.add("words", List.of(new Item("acme", false)));
        await().until(() -> lists.items(LIST).size() == 2);
        lists.close();
    }

    @Test
    void whatAnotherConfigurationKnowsIsKnownAtOnce() throws IOException {
        table.add("words", List.of(new Item("acme", false)));
        SharedLists before = new SharedLists(table, Map.of("words", LIST), null);
        before.follow(name -> {});
        await().until(before::isKnown);
        redis.stop();
        BlocklistConfig changed = new BlocklistConfig("words", true, false, true, List.of());
        SharedLists after = new SharedLists(table, Map.of("words", changed), before);
        before.close();
        assertThat(after.items(changed)).containsExactly(new Item("acme", false));
        assertThat(after.settled().toCompletableFuture())
                .as("a reload need not wait for Redis")
                .isDone();
        after.follow(name -> {});
        redis.start();
        table.add("words", List.of(new Item("other", false)));
        await().until(() -> link.status().up());
        table.add("words", List.of(new Item("other", false)));
        await().until(() -> after.items(changed).contains(new Item("other", false)));
        after.close();
    }
}
