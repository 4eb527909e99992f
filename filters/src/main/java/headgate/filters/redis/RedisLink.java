package headgate.filters.redis;

import headgate.conf.RedisConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's one connection to Redis: a command is answered within its deadline, or has failed.
 *
 * <p>After some failures in a row, and while there is no connection, commands are refused at once; meanwhile a probe asks in
 * the background, and the first answer ends it. Nothing is queued and nothing waits, so the node starts and serves without
 * Redis. Safe for all threads; what a command answers comes on a thread of the link's own.
 */
public final class RedisLink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /** Failures in a row after which Redis counts as away: more than one slow answer, and fewer than anybody notices. */
    private static final int FAILURES_MAX = 3;

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);
    /** How long a connection may be without an answer before another one is opened in its place. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    /**
     * How the link is.
     *
     * @param up whether commands are sent
     * @param sinceNanos {@link System#nanoTime()} of the last change
     * @param error what failed last; null when nothing has yet
     */
    public record Status(
            boolean up, long sinceNanos, @Nullable String error) {}

    private final RedisConfig config;
    private final RedisConnector connector;
    private final Executor later =
            CompletableFuture.delayedExecutor(PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
    private final AtomicInteger failures = new AtomicInteger();

    private volatile RedisConnector.@Nullable Open open;
    private volatile Status status = new Status(false, System.nanoTime(), null);
    private volatile boolean closed;

    private RedisLink(RedisConfig config) {
        this.config = config;
        this.connector = new RedisConnector(config);
    }

    /** Begins to connect, and returns at once. */
    public static RedisLink open(RedisConfig config) {
        RedisLink link = new RedisLink(config);
        link.probe();
        return link;
    }

    /**
     * Runs a script, which answers with a table.
     *
     * @param keys in a cluster, all of one slot
     * @return what it answers; fails with a {@link RedisAwayException} when Redis was not asked, a
     *     {@link java.util.concurrent.TimeoutException} when it did not answer in time (the script may have run all the
     *     same), or what Redis says is wrong
     */
    public CompletionStage<ScriptAnswer> run(LuaScript script, List<String> keys, String... arguments) {
        String[] names = keys.toArray(String[]::new);
        return send(commands -> commands.<List<Object>>evalsha(script.sha1(), ScriptOutputType.MULTI, names, arguments)
                        .exceptionallyCompose(error -> cause(error) instanceof RedisNoScriptException
                                ? commands.<List<Object>>eval(script.text(), ScriptOutputType.MULTI, names, arguments)
                                : CompletableFuture.failedFuture(error)))
                .whenComplete(this::judge)
                .thenApply(ScriptAnswer::new);
    }

    /**
     * The name of a key of this gateway's.
     *
     * @param slot keys of one slot are on one node of a cluster, and one script can use them together
     */
    public String key(String slot, String name) {
        return config.prefix() + ":{" + slot + "}:" + name;
    }

    /** How the link is now. */
    public Status status() {
        return status;
    }

    /** Closes the connection; complete when nothing of the link is left. */
    public CompletionStage<?> close() {
        closed = true;
        return connector.close();
    }

    private <T> CompletableFuture<T> send(
            Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
        Status now = status;
        RedisConnector.Open current = open;
        if (!now.up || current == null) {
            return CompletableFuture.failedFuture(new RedisAwayException("Redis is away: " + now.error));
        }
        return ask(current, command);
    }

    private <T> CompletableFuture<T> ask(
            RedisConnector.Open current,
            Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
        CompletionStage<T> answer;
        try {
            answer = command.apply(current.commands());
        } catch (RuntimeException e) {
            // The library refuses some commands by throwing, such as those above its bound.
            answer = CompletableFuture.failedFuture(e);
        }
        // A copy, so that the deadline ends the waiting and not the library's own command.
        return answer.thenApply(Function.<T>identity())
                .toCompletableFuture()
                .orTimeout(config.deadline().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What Redis says is wrong is an answer too; only silence and broken connections count. */
    private void judge(@Nullable Object answer, @Nullable Throwable failure) {
        Throwable error = cause(failure);
        if (error == null || error instanceof RedisCommandExecutionException) {
            failures.set(0);
        } else if (!(error instanceof RedisAwayException) && failures.incrementAndGet() >= FAILURES_MAX) {
            down(describe(error));
        }
    }

    private synchronized void down(String error) {
        if (status.up && !closed) {
            status = new Status(false, System.nanoTime(), error);
            LOG.warn("Redis does not answer: {}", error);
            later.execute(this::probe);
        }
    }

    private synchronized void up() {
        if (!status.up && !closed) {
            failures.set(0);
            status = new Status(true, System.nanoTime(), status.error);
            LOG.info("Redis answers");
        }
    }

    /** Asks once, and again a little later, until there is an answer. */
    private void probe() {
        if (closed || status.up) {
            return;
        }
        RedisConnector.Open current = open;
        CompletableFuture<?> answer = current == null
                ? connector.open().thenAccept(this::opened).toCompletableFuture()
                : ask(current, RedisClusterAsyncCommands::ping).thenAccept(pong -> up());
        answer.whenComplete((done, failure) -> {
            Throwable error = cause(failure);
            if (error != null) {
                note(describe(error));
                renew();
                later.execute(this::probe);
            }
        });
    }

    private void opened(RedisConnector.Open opened) {
        opened.connection().addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                // A cluster is more than one of its nodes: whether it answers is seen by its answers.
                if (config.url().kind() != RedisConfig.Kind.CLUSTER) {
                    down("the connection was closed");
                }
            }
        });
        open = opened;
        up();
    }

    /** Keeps the first failure as well for those who ask before there ever was a connection. */
    private synchronized void note(String error) {
        if (!status.up) {
            if (status.error == null) {
                LOG.warn("Redis does not answer: {}", error);
            }
            status = new Status(false, status.sinceNanos, error);
        }
    }

    /** A silent connection may belong to a machine that is gone: after a while another is opened in its place. */
    private synchronized void renew() {
        RedisConnector.Open current = open;
        if (current != null && System.nanoTime() - status.sinceNanos > SILENCE_MAX.toNanos()) {
            open = null;
            current.connection().closeAsync();
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String describe(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
