package headgate.filters.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one Redis answers: after some failures in a row it is asked no more, until it answers a probe.
 *
 * <p>The only one there is, or a node of a cluster, where the others go on. Safe for all threads.
 */
final class RedisNode {
    private static final Logger LOG = LoggerFactory.getLogger(RedisNode.class);

    /** Failures in a row after which it counts as away: more than one slow answer, and fewer than anybody notices. */
    private static final int FAILURES_MAX = 3;

    private static final long PROBE_INTERVAL_MS = 100;
    private static final long PROBE_INTERVAL_MOST_MS = 5_000;
    /** A node that fails again so soon answers probes and nothing else: it is left alone for longer each time. */
    private static final long STEADY_NANOS = 1_000_000_000L;
    /** What it answers while it cannot do what it is there for. */
    private static final List<String> UNABLE =
            List.of("LOADING", "CLUSTERDOWN", "MASTERDOWN", "READONLY", "OOM", "MISCONF", "NOREPLICAS");

    /** Asks whether it answers. */
    interface Probe {
        CompletionStage<?> ask(RedisNode node);
    }

    private final String name;
    private final Probe probe;
    private final Runnable back;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile RedisLink.Status status;
    private volatile boolean closed;
    private volatile long intervalMs = PROBE_INTERVAL_MS;
    /** When it was found to have lost what it held; null when it was not yet. */
    private volatile @Nullable Long lostNanos;

    /**
     * A node as it is found.
     *
     * @param name as the library knows it; empty for the only one
     * @param up whether it is thought to answer
     * @param back run each time it answers again
     */
    RedisNode(String name, boolean up, Probe probe, Runnable back) {
        this.name = name;
        this.probe = probe;
        this.back = back;
        this.status = new RedisLink.Status(up, System.nanoTime(), null);
    }

    String name() {
        return name;
    }

    RedisLink.Status status() {
        return status;
    }

    void lost() {
        lostNanos = System.nanoTime();
    }

    /** Whether it was away, or found to have lost what it held, not longer ago than this. */
    boolean backWithin(Duration time) {
        RedisLink.Status now = status;
        Long lost = lostNanos;
        long since = System.nanoTime() - time.toNanos();
        return now.up()
                && ((now.error() != null && now.sinceNanos() - since > 0) || (lost != null && lost - since > 0));
    }

    /** Nothing is probed any more. */
    void close() {
        closed = true;
    }

    /** What Redis says is wrong is an answer too; only silence, broken connections and a Redis unable to serve count. */
    void judge(@Nullable Throwable failure) {
        Throwable error = cause(failure);
        if (error == null || (error instanceof RedisCommandExecutionException && !unable(error))) {
            failures.set(0);
        } else if (!(error instanceof RedisAwayException) && failures.incrementAndGet() >= FAILURES_MAX) {
            down(describe(error));
        }
    }

    synchronized void down(String error) {
        RedisLink.Status before = status;
        if (before.up() && !closed) {
            status = new RedisLink.Status(false, System.nanoTime(), error);
            boolean again = before.error() != null && status.sinceNanos() - before.sinceNanos() < STEADY_NANOS;
            intervalMs = again ? Math.min(2 * intervalMs, PROBE_INTERVAL_MOST_MS) : PROBE_INTERVAL_MS;
            LOG.warn("Redis{} does not answer: {}", shown(), error);
            probeLater();
        }
    }

    private void probeLater() {
        CompletableFuture.delayedExecutor(intervalMs, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(this::probe);
    }

    private synchronized void up() {
        if (!status.up() && !closed) {
            failures.set(0);
            status = new RedisLink.Status(true, System.nanoTime(), status.error());
            LOG.info("Redis{} answers", shown());
        }
    }

    /** Asks once, and again a little later, until there is an answer. */
    void probe() {
        if (closed) {
            return;
        }
        probe.ask(this).whenComplete((done, failure) -> {
            Throwable error = cause(failure);
            if (error == null) {
                up();
                back.run();
            } else {
                note(describe(error));
                probeLater();
            }
        });
    }

    /** Keeps the first failure as well for those who ask before it ever answered. */
    private synchronized void note(String error) {
        if (!status.up()) {
            if (status.error() == null) {
                LOG.warn("Redis{} does not answer: {}", shown(), error);
            }
            status = new RedisLink.Status(false, status.sinceNanos(), error);
        }
    }

    private String shown() {
        return name.isEmpty() ? "" : " " + name;
    }

    private static boolean unable(Throwable error) {
        String message = error.getMessage();
        // Where a script heard it, some versions say so around it.
        return message != null
                && UNABLE.stream().anyMatch(why -> message.startsWith(why) || message.contains("-" + why + " "));
    }

    /** A Redis that is unable to serve has done nothing, as one that was not asked. */
    static Throwable refused(Throwable failure) {
        Throwable error = cause(failure);
        return error instanceof RedisCommandExecutionException && unable(error)
                ? new RedisAwayException(describe(error))
                : failure;
    }

    static @Nullable Throwable cause(@Nullable Throwable failure) {
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
