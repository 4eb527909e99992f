package headgate.filters.redis;

import headgate.conf.RedisConfig;
import headgate.conf.Secret;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one Redis, its Sentinels or its cluster, with the library's own ideas of waiting switched off.
 *
 * <p>Its event loops are its own, since a loop that decodes what Redis says must not wait for one that moves bytes.
 */
final class RedisConnector {
    /** The fewest the library takes. */
    private static final int THREADS = 2;
    /** For how long the library's loops go on: a connection that is just being opened is closed then, and lets go of its buffer. */
    private static final long QUIET_MS = 50;

    private static final long CLOSE_MS = 1000;
    /** Commands on their way, above which they are refused: a bound that only a Redis without an answer reaches. */
    private static final int REQUESTS_MAX = 65_536;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** Short, since nodes have to meet again at a Redis that was started anew (rate limits wait a second for that). */
    private static final Duration RECONNECT_MAX = Duration.ofMillis(250);

    private static final Duration TOPOLOGY = Duration.ofSeconds(30);
    private static final Duration TOPOLOGY_AGAIN = Duration.ofSeconds(1);

    /** One that is open, and how it is spoken to. */
    record RedisConnection(
            StatefulConnection<String, String> connection, RedisClusterAsyncCommands<String, String> commands) {

        boolean cluster() {
            return connection instanceof StatefulRedisClusterConnection;
        }

        /** The id of the cluster's node that a key is on; empty when none has it. */
        String node(String key) {
            RedisClusterNode owner = connection instanceof StatefulRedisClusterConnection<?, ?> cluster
                    ? cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key))
                    : null;
            return owner == null ? "" : owner.getNodeId();
        }

        /**
         * Asks a node of the cluster, or the only one there is, whether it answers, by the way that commands go.
         *
         * <p>A node that has just come back answers before it serves keys again, so it is asked how it finds the cluster.
         */
        CompletionStage<String> ping(String node) {
            RedisClusterNode known = connection instanceof StatefulRedisClusterConnection<?, ?> cluster
                    ? cluster.getPartitions().getPartitionByNodeId(node)
                    : null;
            return known != null && connection instanceof StatefulRedisClusterConnection<String, String> cluster
                    ? cluster.getConnectionAsync(
                                    known.getUri().getHost(), known.getUri().getPort())
                            .thenCompose(open -> open.async().clusterInfo())
                            .thenCompose(info -> info.contains("cluster_state:ok")
                                    ? CompletableFuture.completedFuture(info)
                                    : CompletableFuture.failedFuture(new RedisException("CLUSTERDOWN")))
                    : commands.ping();
        }

        /** Connects to every node that answers, since what comes before a connection is there would be refused. */
        CompletionStage<RedisConnection> connected() {
            List<CompletableFuture<?>> pings = new ArrayList<>();
            if (connection instanceof StatefulRedisClusterConnection<?, ?> cluster) {
                for (RedisClusterNode node : cluster.getPartitions()) {
                    pings.add(ping(node.getNodeId())
                            .toCompletableFuture()
                            .<@Nullable String>handle((pong, error) -> pong)
                            .completeOnTimeout(null, CONNECT.toMillis(), TimeUnit.MILLISECONDS));
                }
            }
            return CompletableFuture.allOf(pings.toArray(CompletableFuture[]::new))
                    .thenApply(done -> this);
        }
    }

    private interface Opening {
        CompletionStage<RedisConnection> open();
    }

    static {
        // It would take epoll all the same, and warn each time that there are two to choose from.
        System.setProperty("io.lettuce.core.iouring", "false");
    }

    private final ClientResources resources = DefaultClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .reconnectDelay(Delay.exponential(Duration.ofMillis(10), RECONNECT_MAX, 2, TimeUnit.MILLISECONDS))
            .build();
    private final AbstractRedisClient library;
    private final Opening opening;

    RedisConnector(RedisConfig config) {
        List<RedisURI> uris = uris(config);
        if (config.url().kind() == RedisConfig.Kind.CLUSTER) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
            cluster.setOptions(ClusterClientOptions.builder(options(ClientOptions.builder(), config))
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enablePeriodicRefresh(TOPOLOGY)
                            // A node that is gone, or a slot that has moved, is looked for at once, but not too often.
                            .adaptiveRefreshTriggersTimeout(TOPOLOGY_AGAIN)
                            .build())
                    .build());
            library = cluster;
            // The topology is asked for first, which fails while no node answers, and is tried again with the
            // connection.
            opening = () -> cluster.refreshPartitionsAsync()
                    .thenCompose(known -> cluster.connectAsync(StringCodec.UTF8))
                    .thenCompose(open -> new RedisConnection(open, open.async()).connected());
        } else {
            RedisClient single = RedisClient.create(resources);
            single.setOptions(options(ClientOptions.builder(), config));
            library = single;
            opening = () -> single.connectAsync(StringCodec.UTF8, uris.get(0))
                    .thenApply(open -> new RedisConnection(open, open.async()));
        }
    }

    /** Opens a connection, which then comes back by itself when it breaks. */
    CompletionStage<RedisConnection> open() {
        return opening.open();
    }

    /** Closes everything; complete when it is done. */
    CompletionStage<?> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        library.shutdownAsync(QUIET_MS, CLOSE_MS, TimeUnit.MILLISECONDS)
                .whenComplete((closed, error) -> resources
                        .shutdown(QUIET_MS, CLOSE_MS, TimeUnit.MILLISECONDS)
                        .addListener(ended -> done.complete(null)));
        return done;
    }

    private static ClientOptions options(ClientOptions.Builder builder, RedisConfig config) {
        builder.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // What was on its way when a connection broke is not sent again: nobody waits for it any more.
                .replayFilter(command -> true)
                .requestQueueSize(REQUESTS_MAX)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .tcpNoDelay(true)
                        .keepAlive(true)
                        .build());
        Path authorities = config.ca();
        if (authorities != null) {
            builder.sslOptions(
                    SslOptions.builder().trustManager(authorities.toFile()).build());
        }
        return builder.build();
    }

    /** One for each node of a cluster, else one that has all Sentinels. */
    private static List<RedisURI> uris(RedisConfig config) {
        RedisConfig.Url url = config.url();
        List<RedisURI> uris = new ArrayList<>();
        for (InetSocketAddress node : url.nodes()) {
            uris.add(uri(config, node));
        }
        String master = url.master();
        if (master == null) {
            return uris;
        }
        RedisURI sentinels = uri(config, url.nodes().get(0));
        RedisURI.Builder all = RedisURI.builder()
                .withSentinelMasterId(master)
                .withSsl(url.tls())
                .withTimeout(CONNECT)
                .withDatabase(url.database());
        uris.forEach(all::withSentinel);
        RedisURI uri = all.build();
        uri.setCredentialsProvider(sentinels.getCredentialsProvider());
        return List.of(uri);
    }

    private static RedisURI uri(RedisConfig config, InetSocketAddress node) {
        RedisConfig.Url url = config.url();
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(node.getHostString())
                .withPort(node.getPort())
                .withSsl(url.tls())
                .withTimeout(CONNECT)
                .withDatabase(url.database());
        Secret password = config.password();
        String user = url.user();
        if (password != null && user != null) {
            uri.withAuthentication(user, password.value().toCharArray());
        } else if (password != null) {
            uri.withPassword(password.value().toCharArray());
        }
        return uri.build();
    }
}
