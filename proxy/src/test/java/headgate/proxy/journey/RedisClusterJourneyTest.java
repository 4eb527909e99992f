package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways share limits and keys by a Redis Cluster of three nodes, some of which move or die. */
class RedisClusterJourneyTest {
    private static final int LIMIT = 200;

    private final RedisCluster cluster = new RedisCluster();
    /** The first of them has its limit on the cluster's first node, and so on. */
    private final List<String> deployments = new ArrayList<>();

    RedisClusterJourneyTest() throws IOException {
        for (int place = 0; place < 3; place++) {
            int number = 0;
            while (cluster.place(key("d" + number)) != place) {
                number++;
            }
            deployments.add("d" + number);
        }
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void everyNodeOfTheClusterKeepsItsLimitsExactly() throws Exception {
        try (LimitedNodes nodes = start("closed")) {
            for (String deployment : deployments) {
                nodes.awaitPassing(deployment);
                nodes.useUp(deployment, LIMIT);
                assertThat(nodes.fullestMinute(deployment)).as(deployment).isLessThanOrEqualTo(LIMIT);
            }
        }
        for (int place = 0; place < 3; place++) {
            assertThat(cluster.node(place).ask("KEYS", "*"))
                    .as("each node has the limit that belongs to it, and no other")
                    .contains(key(deployments.get(place)))
                    .startsWith("*1\r\n");
        }
    }

    @Test
    void aLimitThatMovesToAnotherNodeKeepsWhatIsCounted() throws Exception {
        try (LimitedNodes nodes = start("closed")) {
            String deployment = deployments.get(0);
            nodes.awaitPassing(deployment);
            nodes.askUntil(deployment, LIMIT / 2);
            cluster.move(key(deployment), 2);
            nodes.useUp(deployment, LIMIT);
            assertThat(nodes.fullestMinute(deployment)).isLessThanOrEqualTo(LIMIT);
            assertThat(cluster.node(2).ask("KEYS", "*")).contains(key(deployment));
        }
    }

    @Test
    void aNodeThatDiesTakesOnlyItsOwnLimitsAlongUntilItIsBack() throws Exception {
        // No answer of the others is too late, so that nothing but the dead node can be the reason of a refusal.
        try (LimitedNodes nodes = start("closed", "deadline: 10s")) {
            deployments.forEach(nodes::awaitPassing);
            cluster.node(1).stop();
            for (int i = 0; i < 3; i++) {
                int gateway = i;
                await().atMost(Duration.ofSeconds(20)).until(() -> nodes.status(gateway, deployments.get(1)) == 503);
            }
            assertThat(nodes.ask(deployments.get(1), 30)).as("closed").containsOnlyKeys(503);
            for (int place : new int[] {0, 2}) {
                assertThat(nodes.ask(deployments.get(place), 60))
                        .as("less than a third of what there is")
                        .containsOnlyKeys(200);
                nodes.useUp(deployments.get(place), LIMIT);
                assertThat(nodes.ask(deployments.get(place), 30)).doesNotContainKey(503);
                assertThat(nodes.fullestMinute(deployments.get(place))).isLessThanOrEqualTo(LIMIT);
            }
            cluster.node(1).start();
            nodes.awaitPassing(deployments.get(1));
        }
    }

    @Test
    void whereTheOperatorWantsThatTheLimitsOfADeadNodeDoNotHold() throws Exception {
        try (LimitedNodes nodes = start("open")) {
            deployments.forEach(nodes::awaitPassing);
            cluster.node(1).stop();
            assertThat(nodes.ask(deployments.get(1), 2 * LIMIT)).containsOnlyKeys(200);
            assertThat(nodes.ask(deployments.get(0), 2 * LIMIT)).containsOnlyKeys(200, 429);
            assertThat(nodes.fullestMinute(deployments.get(0))).isLessThanOrEqualTo(LIMIT);
            cluster.node(1).start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> nodes.ask(deployments.get(1), 30).containsKey(429));
        }
    }

    @Test
    void keysAreFoundInAClusterToo(@TempDir Path directory) throws Exception {
        try (LimitedNodes nodes = start("closed")) {
            Path file = Files.writeString(
                    directory.resolve("headgate.yaml"),
                    "state: { redis: \"" + cluster.url() + "\", deadline: 1s }\n"
                            + "deployments: { d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] } }");
            nodes.awaitPassing(deployments.get(0));
            String key = KeyNodes.run("key", "add", "partner", file.toString()).key();
            for (TestGateway gateway : nodes.gateways) {
                String request = RawCaller.chatRequest(LimitedNodes.body(deployments.get(0)))
                        .replace(TestGateway.KEY, key);
                try (RawCaller caller = new RawCaller(gateway.port())) {
                    assertThat(caller.send(request).read().status()).isEqualTo(200);
                }
            }
        }
    }

    private LimitedNodes start(String outage) throws IOException {
        return start(outage, LimitedNodes.DEADLINE);
    }

    private LimitedNodes start(String outage, String deadline) throws IOException {
        return new LimitedNodes(
                "redis: \"" + cluster.url() + "\", " + deadline, deployments, "requestsPerMinute: " + LIMIT, outage);
    }

    private static String key(String deployment) {
        return "headgate:{" + deployment + "//REQUESTS}:quota";
    }
}
