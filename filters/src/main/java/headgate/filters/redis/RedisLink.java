package headgate.filters.redis;

import headgate.conf.RedisConfig;
import headgate.filters.redis.RedisConnector.RedisConnection;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The node's one connection to Redis: a command is answered within its deadline, or has failed.
 *
 * <p>After some failures in a row, and while there is no connection, commands are refused at once; meanwhile a probe asks in
 * the background, and the first answer ends it. In a cluster this holds for each of its nodes, so that one which is away
 * takes only its own keys along. Nothing is queued and nothing waits, so the node starts and serves without
 * Redis. Safe for all threads; what a command answers comes on a thread of the link's own.
 */
public final class RedisLink {
    /** How long a connection may be without an answer before another one is opened in its place. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * How the link is.
     *
     * @param up whether commands are sent
     * @param sinceNanos {@link System#nanoTime()} of the last change
     * @param error what failed last; null when nothing has yet
     */
    public record Status(
            boolean up, long sinceNanos, @Nullable String error) {}

    /**
     * What a script that was sent answers.
     *
     * @param inTime fails with a {@link RedisAwayException} when Redis was not asked or could not do anything, a
     *     {@link java.util.concurrent.TimeoutException} when it did not answer in time (the script may have run all the
     *     same), or what Redis says is wrong
     * @param ever the same, however long it takes
     */
    public record Asked(CompletionStage<ScriptAnswer> inTime, CompletionStage<ScriptAnswer> ever) {}

    private final RedisConfig config;
    private final RedisConnector connector;
    /** All of it, or a cluster as long as nothing is known of its nodes. */
    private final RedisNode whole;
    /** Those of a cluster that failed at some time; no more than it ever had. */
    private final Map<String, RedisNode> nodes = new ConcurrentHashMap<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private volatile @Nullable RedisConnection open;

    private RedisLink(RedisConfig config) {
        this.config = config;
        this.connector = new RedisConnector(config);
        this.whole = new RedisNode("", false, this::probe, this::back);
    }

    /** Begins to connect, and returns at once. */
    public static RedisLink open(RedisConfig config) {
        RedisLink link = new RedisLink(config);
        link.whole.probe();
        return link;
    }

    /**
     * Runs a script, which answers with a table.
     *
     * @param keys in a cluster, all of one slot
     * @return what it answers in time
     */
    public CompletionStage<ScriptAnswer> run(LuaScript script, List<String> keys, String... arguments) {
        return ask(script, keys, arguments).inTime();
    }

    /** The same for what no exchange waits for: it may take a second, so that long answers need not come in an instant. */
    public CompletionStage<ScriptAnswer> runPatiently(LuaScript script, List<String> keys, String... arguments) {
        Duration deadline = config.deadline();
        return ask(deadline.compareTo(PATIENCE) < 0 ? PATIENCE : deadline, script, keys, arguments)
                .inTime();
    }

    /** The same for who also wants to hear of an answer that comes too late. */
    public Asked ask(LuaScript script, List<String> keys, String... arguments) {
        return ask(config.deadline(), script, keys, arguments);
    }

    private Asked ask(Duration deadline, LuaScript script, List<String> keys, String... arguments) {
        RedisConnection current = open;
        RedisNode node = node(keys.get(0));
        Status now = node.status();
        if (!now.up || current == null) {
            CompletionStage<ScriptAnswer> away =
                    CompletableFuture.failedFuture(new RedisAwayException("Redis is away: " + now.error));
            return new Asked(away, away);
        }
        String[] names = keys.toArray(String[]::new);
        CompletionStage<ScriptAnswer> ever = sent(() -> current.commands()
                        .<List<Object>>evalsha(script.sha1(), ScriptOutputType.MULTI, names, arguments)
                        .exceptionallyCompose(error -> RedisNode.cause(error) instanceof RedisNoScriptException
                                ? current.commands()
                                        .<List<Object>>eval(script.text(), ScriptOutputType.MULTI, names, arguments)
                                : CompletableFuture.failedFuture(error)))
                .thenApply(ScriptAnswer::new);
        CompletionStage<ScriptAnswer> inTime = within(deadline, ever)
                .whenComplete((answer, failure) -> node.judge(failure))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(RedisNode.refused(error)));
        return new Asked(inTime, ever);
    }

    /**
     * The name of a key of this gateway's.
     *
     * @param slot keys of one slot are on one node of a cluster, and one script can use them together
     */
    public String key(String slot, String name) {
        return config.prefix() + ":{" + slot + "}:" + name;
    }

    /** How the link is now; in a cluster, whether that could be reached at all. */
    public Status status() {
        return whole.status();
    }

    /** Whether a script with this key would be sent. */
    public boolean up(String key) {
        return open != null && node(key).status().up;
    }

    /** The Redis of this key has lost what it held, as somebody has found. */
    public void lost(String key) {
        node(key).lost();
    }

    /** Whether the Redis of this key was away, or found to have lost what it held, not longer ago than this. */
    public boolean backWithin(Duration time, String key) {
        return node(key).backWithin(time);
    }

    /** Is called, on a thread of the link's, each time Redis, or a node of the cluster, answers again. */
    public void whenBack(Runnable listener) {
        listeners.add(listener);
    }

    /** Closes the connection; complete when nothing of the link is left. */
    public CompletionStage<?> close() {
        whole.close();
        nodes.values().forEach(RedisNode::close);
        return connector.close();
    }

    private RedisNode node(String key) {
        RedisConnection current = open;
        if (current == null || !current.cluster()) {
            return whole;
        }
        return nodes.computeIfAbsent(current.node(key), name -> new RedisNode(name, true, this::probe, this::back));
    }

    /** The library refuses some commands by throwing, such as those above its bound. */
    private static <T> CompletionStage<T> sent(Supplier<CompletionStage<T>> command) {
        try {
            return command.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A copy, so that the deadline ends the waiting and not the library's own command. */
    private static <T> CompletableFuture<T> within(Duration deadline, CompletionStage<T> answer) {
        return answer.thenApply(Function.<T>identity())
                .toCompletableFuture()
                .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A silent connection may belong to a machine that is gone: after a while another is opened in its place. */
    private CompletionStage<?> probe(RedisNode node) {
        RedisConnection current = open;
        if (current == null) {
            return connector.open().thenAccept(this::opened);
        }
        if (node == whole && System.nanoTime() - node.status().sinceNanos > SILENCE_MAX.toNanos()) {
            open = null;
            current.connection().closeAsync();
            return connector.open().thenAccept(this::opened);
        }
        return within(config.deadline(), sent(() -> current.ping(node.name())));
    }

    private void opened(RedisConnection opened) {
        opened.connection().addListener(new RedisWatch());
        open = opened;
    }

    private void back() {
        listeners.forEach(Runnable::run);
    }

    /** Hears at once that the connection broke. */
    private final class RedisWatch implements RedisConnectionStateListener {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            // A cluster is more than one of its nodes: whether they answer is seen by their answers.
            if (config.url().kind() != RedisConfig.Kind.CLUSTER) {
                whole.down("the connection was closed");
            }
        }
    }
}
