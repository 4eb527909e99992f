package headgate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real Redis with a replica, and a Sentinel that makes the replica the primary half a second after that is gone. */
public final class RedisSentinel implements AutoCloseable {
    private static final String NAME = "gate";

    private final RedisServer primary;
    private final RedisServer replica;
    private final RedisServer sentinel;

    /** Starts all three; the Sentinel knows both others when this returns. */
    public RedisSentinel() throws IOException {
        // What the replica copies passes through a file.
        Path directory = Files.createTempDirectory("redis-sentinel");
        directory.toFile().deleteOnExit();
        directory.resolve("dump.rdb").toFile().deleteOnExit();
        primary = new RedisServer("--dir", directory.toString(), "--repl-diskless-sync-delay", "0");
        replica = new RedisServer(
                "--dir", directory.toString(), "--replicaof", "127.0.0.1", Integer.toString(primary.port()));
        Path file = Files.writeString(Files.createTempFile("sentinel", ".conf"), """
                sentinel monitor %1$s 127.0.0.1 %2$d 1
                sentinel down-after-milliseconds %1$s 500
                sentinel failover-timeout %1$s 5000
                """.formatted(NAME, primary.port()));
        file.toFile().deleteOnExit();
        sentinel = new RedisServer(file.toString(), "--sentinel");
        Until.holds(
                "the replica follows",
                () -> replica.ask("INFO", "replication").contains("master_link_status:up")
                        && sentinel.ask("SENTINEL", "MASTERS").contains("num-slaves\r\n$1\r\n1"));
    }

    /** The Sentinel and the name of what it watches, for a configuration. */
    public String url() {
        return "redis-sentinel://127.0.0.1:" + sentinel.port() + "#" + NAME;
    }

    /** The one that is written to, until it is gone. */
    public RedisServer primary() {
        return primary;
    }

    /** The one that takes over. */
    public RedisServer replica() {
        return replica;
    }

    @Override
    public void close() {
        sentinel.close();
        replica.close();
        primary.close();
    }
}
