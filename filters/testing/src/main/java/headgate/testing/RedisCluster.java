package headgate.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A Redis Cluster of three real nodes, each with a third of the slots and no replica.
 *
 * <p>What one node is asked for goes on while another is down ({@code cluster-require-full-coverage no}).
 */
public final class RedisCluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final int SLOTS = 16_384;
    /** Nodes talk to each other on a port so far above their own; both are below those that the system hands out. */
    private static final int BUS = 10_000;

    private static final int PORT_MIN = 12_000;
    private static final int PORTS = 10_000;

    private final List<RedisServer> nodes = new ArrayList<>();
    private final int[] owners = new int[SLOTS];

    /** Starts it; it answers when this returns. */
    public RedisCluster() throws IOException {
        try {
            form();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** All its nodes, for a configuration. */
    public String url() {
        return "redis-cluster://"
                + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    /** One of its nodes, by its place: 0 to 2. */
    public RedisServer node(int place) {
        return nodes.get(place);
    }

    /** The place of the node that a key is on. */
    public int place(String key) throws IOException {
        return owners[slot(key)];
    }

    /** Moves the slot of a key to another node, as an operator does who takes a node out. */
    public void move(String key, int to) throws IOException {
        int slot = slot(key);
        RedisServer source = nodes.get(owners[slot]);
        RedisServer target = nodes.get(to);
        String number = Integer.toString(slot);
        target.tell("CLUSTER", "SETSLOT", number, "IMPORTING", id(source));
        source.tell("CLUSTER", "SETSLOT", number, "MIGRATING", id(target));
        source.tell("MIGRATE", "127.0.0.1", Integer.toString(target.port()), key, "0", "5000");
        target.tell("CLUSTER", "SETSLOT", number, "NODE", id(target));
        source.tell("CLUSTER", "SETSLOT", number, "NODE", id(target));
        owners[slot] = to;
    }

    /** Waits until every node says that the cluster is whole again. */
    public void awaitWhole() throws IOException {
        for (RedisServer node : nodes) {
            Until.holds("the cluster is whole", () -> {
                String info = node.ask("CLUSTER", "INFO");
                return info.contains("cluster_state:ok")
                        && info.contains("cluster_known_nodes:" + NODES)
                        && info.contains("cluster_slots_ok:" + SLOTS);
            });
        }
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }

    private void form() throws IOException {
        Path directory = Files.createTempDirectory("redis-cluster");
        directory.toFile().deleteOnExit();
        for (int place = 0; place < NODES; place++) {
            Path file = directory.resolve(place + ".conf");
            file.toFile().deleteOnExit();
            nodes.add(new RedisServer(
                    port(),
                    "--cluster-enabled",
                    "yes",
                    "--cluster-config-file",
                    file.toString(),
                    "--cluster-node-timeout",
                    "1000",
                    "--cluster-require-full-coverage",
                    "no"));
        }
        for (int place = 0; place < NODES; place++) {
            List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = place * SLOTS / NODES; slot < (place + 1) * SLOTS / NODES; slot++) {
                owners[slot] = place;
                slots.add(Integer.toString(slot));
            }
            nodes.get(place).tell("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(place + 1));
            nodes.get(place).tell(slots.toArray(String[]::new));
            nodes.get(0)
                    .tell(
                            "CLUSTER",
                            "MEET",
                            "127.0.0.1",
                            Integer.toString(nodes.get(place).port()));
        }
        awaitWhole();
    }

    private int slot(String key) throws IOException {
        for (RedisServer node : nodes) {
            String answer = node.tell("CLUSTER", "KEYSLOT", key);
            return Integer.parseInt(answer.substring(1).strip());
        }
        throw new IOException("the cluster has no nodes");
    }

    private static String id(RedisServer node) throws IOException {
        return node.tell("CLUSTER", "MYID").lines().skip(1).findFirst().orElseThrow();
    }

    private static int port() throws IOException {
        Random random = new Random();
        while (true) {
            int port = PORT_MIN + random.nextInt(PORTS);
            if (free(port) && free(port + BUS)) {
                return port;
            }
        }
    }

    private static boolean free(int port) {
        try (ServerSocket tried = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return tried.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
