package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocklists in Redis: changed by commands, on all nodes, without a restart. */
class SharedListsJourneyTest {
    private final Path directory;

    SharedListsJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whatIsAddedIsRefusedOnAllNodesAndWhatIsRemovedPasses() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 2)) {
            nodes.awaitStatus("infile", 400);
            nodes.awaitStatus("acme", 200);
            assertThat(nodes.done("add", "words", "acme", "big corp")).isEqualTo("words: 2 items added\n");
            long addedNanos = System.nanoTime();
            nodes.awaitStatus("acme", 400);
            // The promise is one second; this machine may be busy with other things.
            assertThat(Duration.ofNanos(System.nanoTime() - addedNanos)).isLessThan(Duration.ofSeconds(5));
            nodes.awaitStatus("a BIG  corp", 400);
            nodes.awaitStatus("project-12", 200);
            nodes.done("add", "words", "--regex", "project-[0-9]+");
            nodes.awaitStatus("project-12", 400);
            nodes.done("remove", "words", "acme");
            nodes.awaitStatus("acme", 200);
            nodes.awaitStatus("big corp project-12", 400);
            nodes.awaitStatus("infile", 400);
            assertThat(nodes.redis.ask("KEYS", "*")).contains("headgate:{blocklists}:items:words");
        }
    }

    @Test
    void aNodeRefusesFromItsFirstExchangeOnWhatIsInRedis() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 0)) {
            nodes.blocklistOf(words(0, 9_000), "add", "words");
            for (int i = 0; i < 3; i++) {
                assertThat(ListNodes.status(nodes.start(), "word8999x")).isEqualTo(400);
            }
        }
    }

    @Test
    void whatIsKnownHoldsWhileRedisIsAwayAndWhenItComesBackWithoutTheList() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 2)) {
            nodes.done("add", "words", "acme");
            nodes.awaitStatus("acme", 400);
            nodes.redis.stop();
            TestGateway node = nodes.gateways.get(0);
            await().untilAsserted(() -> assertThat(ListNodes.readiness(node))
                    .contains("Redis is away")
                    .doesNotContain("blocklists"));
            assertThat(ListNodes.status(node, "acme")).isEqualTo(400);
            nodes.redis.start();
            await().untilAsserted(() -> assertThat(ListNodes.readiness(node)).doesNotContain("Redis is away"));
            for (int i = 0; i < 10; i++) {
                assertThat(ListNodes.status(node, "acme"))
                        .as("lost data opens nothing")
                        .isEqualTo(400);
                Thread.sleep(50);
            }
            nodes.done("add", "words", "other");
            nodes.awaitStatus("other", 400);
            nodes.awaitStatus("acme", 200);
        }
    }

    @Test
    void aNodeThatStartsWithoutRedisHasTheItemsOfTheConfigurationUntilItAnswers() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 0)) {
            nodes.redis.stop();
            TestGateway node = nodes.start();
            assertThat(ListNodes.status(node, "infile")).isEqualTo(400);
            assertThat(ListNodes.status(node, "acme")).isEqualTo(200);
            assertThat(ListNodes.readiness(node))
                    .contains("\"ready\":true", "shared blocklists have the items of the configuration alone");
            nodes.redis.start();
            nodes.done("add", "words", "acme");
            nodes.awaitStatus("acme", 400);
            assertThat(ListNodes.readiness(node)).isEqualTo("{\"ready\":true,\"reasons\":[]}");
        }
    }

    @Test
    void nothingHangsWhileRedisIsFrozen() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 1)) {
            nodes.done("add", "words", "acme");
            nodes.awaitStatus("acme", 400);
            nodes.redis.freeze();
            for (int i = 0; i < 50; i++) {
                assertThat(ListNodes.status(nodes.gateways.get(0), "acme")).isEqualTo(400);
            }
            nodes.reload(nodes.gateways.get(0), ListNodes.WRITTEN);
            assertThat(ListNodes.status(nodes.gateways.get(0), "acme"))
                    .as("a reload forgets nothing")
                    .isEqualTo(400);
            nodes.redis.thaw();
            nodes.done("remove", "words", "acme");
            nodes.awaitStatus("acme", 200);
        }
    }

    @Test
    void aListIsSharedFromOneReloadToAnother() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 1)) {
            TestGateway node = nodes.gateways.get(0);
            nodes.done("add", "words", "acme");
            nodes.awaitStatus("acme", 400);
            nodes.reload(node, "words: { items: [infile] }");
            assertThat(ListNodes.status(node, "acme")).isEqualTo(200);
            nodes.reload(node, "words: { shared: true, matchCase: true }");
            assertThat(ListNodes.status(node, "acme")).isEqualTo(400);
            assertThat(ListNodes.status(node, "ACME infile")).isEqualTo(200);
            nodes.done("add", "words", "later");
            nodes.awaitStatus("later", 400);
        }
    }

    @Test
    void whatRedisHasAndCannotBeCompiledIsLeftOut() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 1)) {
            String key = "headgate:{blocklists}:items:words";
            nodes.redis.ask("ZADD", key, "0", "r(", "0", "r\\Qx", "0", "r", "0", "w", "0", "w" + "x".repeat(1001));
            nodes.done("add", "words", "--regex", "acme");
            nodes.awaitStatus("acme", 400);
            nodes.awaitStatus("harmless ( x", 200);
        }
    }

    @Test
    void aListHoldsNoMoreThanTenThousandItemsWithThoseOfTheConfiguration() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 1)) {
            assertThat(nodes.blocklistOf(words(0, 9_999), "add", "words").out()).isEqualTo("words: 9999 items added\n");
            KeyNodes.Said more = nodes.blocklist("add", "words", "onemore");
            assertThat(more.code()).isEqualTo(1);
            assertThat(more.errors()).contains("words would have 10001 items, of 10000 that it may have");
            nodes.awaitStatus("word9998x", 400);
            assertThat(nodes.done("add", "words", "word0x", "infile")).isEqualTo("words: 1 item added\n");
            nodes.redis.ask("ZADD", "headgate:{blocklists}:items:words", "0", "wzz", "0", "waa");
            nodes.done("remove", "words", "word5x");
            nodes.awaitStatus("word5x", 200);
            nodes.awaitStatus("aa", 400);
            assertThat(ListNodes.status(nodes.gateways.get(0), "zz"))
                    .as("what is above is left out")
                    .isEqualTo(200);
        }
    }

    @Test
    void tenThousandItemsAreTakenUpWhileExchangesGoOn() throws Exception {
        try (ListNodes nodes = new ListNodes(directory, 2)) {
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TestGateway node = nodes.gateways.get(i % 2);
                CompletableFuture<Integer> passed = new CompletableFuture<>();
                callers.add(passed);
                new Thread(() -> {
                            try {
                                int count = 0;
                                while (!over.get()) {
                                    assertThat(ListNodes.status(node, "harmless"))
                                            .isEqualTo(200);
                                    assertThat(ListNodes.status(node, "infile")).isEqualTo(400);
                                    count++;
                                }
                                passed.complete(count);
                            } catch (Exception | AssertionError e) {
                                passed.completeExceptionally(e);
                            }
                        })
                        .start();
            }
            for (int round = 0; round < 3; round++) {
                nodes.blocklistOf(words(0, 9_999), "add", "words");
                nodes.awaitStatus("word9998x", 400);
                nodes.blocklistOf(words(0, 9_999), "remove", "words");
                nodes.awaitStatus("word9998x", 200);
            }
            over.set(true);
            for (CompletableFuture<Integer> caller : callers) {
                assertThat(caller.get()).isPositive();
            }
        }
    }

    static String words(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "word" + i + "x").collect(Collectors.joining("\n"));
    }
}
