package headgate.proxy;

import headgate.conf.GatewayConfig;
import headgate.filters.HeldBytes;
import headgate.filters.fetch.Fetcher;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.redis.RedisLink;
import headgate.proxy.downstream.LoopParts;
import headgate.proxy.reload.Reload;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.AccessLog;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force on all event loops, and the way from one to the next.
 *
 * <p>Each loop changes over by itself, between two tasks. A configuration that was replaced is let go of when the last loop
 * says that none of its exchanges uses it. Used by one thread at a time, which is no event loop.
 */
final class Gateways implements Reload.Target {
    /** How long a configuration waits for the lists that Redis has, before it does without them. */
    private static final long LISTS_MS = 2000;

    /** How long the end waits for the last traces to be taken. */
    private static final long LAST_TRACES_MS = 1000;

    private final FailedAttempts failures;
    private final HeldBytes heldBytes;
    private final @Nullable RedisLink redis;
    private final AccessLog accessLog;
    private final Map<EventLoop, LoopParts> loops;
    private @Nullable EventLoop home;
    private @Nullable Fetcher fetcher;
    private @Nullable Fetcher keeping;
    private boolean stopped;

    private volatile GatewayConfig config;
    private volatile Gateway current;

    /**
     * The first configuration.
     *
     * @param loops the parts of each loop, when there are any
     * @throws IOException if a file of certificate authorities cannot be used
     */
    Gateways(
            GatewayConfig config,
            FailedAttempts failures,
            HeldBytes heldBytes,
            @Nullable RedisLink redis,
            AccessLog accessLog,
            Map<EventLoop, LoopParts> loops)
            throws IOException {
        this.config = config;
        this.failures = failures;
        this.heldBytes = heldBytes;
        this.redis = redis;
        this.accessLog = accessLog;
        this.loops = loops;
        this.current = Gateway.of(config, failures, redis);
        awaitLists(current);
    }

    /**
     * Has keys and tokens fetched from now on, on this loop, and judges asked.
     *
     * @param keeps the same for what is asked often: it keeps its connections
     */
    void start(EventLoop loop, Fetcher fetches, Fetcher keeps) {
        home = loop;
        fetcher = fetches;
        keeping = keeps;
        start(current, loop, fetches, keeps);
    }

    private static void start(Gateway gateway, EventLoop loop, Fetcher fetches, Fetcher keeps) {
        gateway.identifier().start(loop, fetches);
        gateway.credentials().start(loop, fetches);
        gateway.judges().start(keeps);
        gateway.tracer().start(loop, keeps);
    }

    /** So that what is forbidden there is so from the first exchange on; Redis being slow or away delays no more than that. */
    private static void awaitLists(Gateway gateway) {
        gateway.filters()
                .settled()
                .toCompletableFuture()
                .completeOnTimeout(null, LISTS_MS, TimeUnit.MILLISECONDS)
                .join();
    }

    /** The configuration in force; for all threads. */
    Gateway current() {
        return current;
    }

    @Override
    public GatewayConfig config() {
        return config;
    }

    @Override
    public void reopenLogs() {
        accessLog.reopen();
    }

    @Override
    public List<String> problems(GatewayConfig next) {
        return FilesCheck.problems(next);
    }

    @Override
    public synchronized void replace(GatewayConfig next) throws IOException {
        EventLoop loop = home;
        Fetcher fetches = fetcher;
        Fetcher keeps = keeping;
        if (loop == null || fetches == null || keeps == null || stopped) {
            throw new IOException("the gateway is not running");
        }
        Gateway before = current;
        Gateway made = Gateway.of(next, failures, redis, before);
        awaitLists(made);
        start(made, loop, fetches, keeps);
        failures.most(next.identity().failedAttempts());
        heldBytes.limits(next.limits());
        config = next;
        current = made;
        AtomicInteger using = new AtomicInteger(loops.size());
        List<Future<?>> turns = new ArrayList<>();
        loops.forEach((each, parts) -> turns.add(each.submit(() -> parts.replace(made, () -> {
            if (using.decrementAndGet() == 0) {
                before.release(made);
            }
        }))));
        turns.forEach(Future::awaitUninterruptibly);
    }

    /** Nothing is fetched any more; called before the loops end: a token that no longer comes is no failure then. */
    synchronized void stop() {
        stopped = true;
        current.credentials().stop(null);
        current.tracer()
                .stop()
                .toCompletableFuture()
                .completeOnTimeout(null, LAST_TRACES_MS, TimeUnit.MILLISECONDS)
                .join();
    }

    /** Lets go of everything; the loops have ended. */
    synchronized void release() {
        current.release(null);
    }
}
