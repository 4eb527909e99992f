package headgate.proxy.reload;

import headgate.conf.ConfigException;
import headgate.conf.ConfigSource;
import headgate.conf.GatewayConfig;
import headgate.proxy.reload.ReloadOutcome.Cause;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what the configuration's file says now in the place of what is in force: as a whole, or not at all.
 *
 * <p>One reload at a time. A thread of its own looks at the files that the configuration was read from, as often as the one in
 * force says.
 */
public final class Reload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    /** How often it is looked whether to look at files is switched on again, in milliseconds. */
    private static final long SWITCHED_OFF_MS = 1000;

    /** What is running by a configuration. */
    public interface Target {
        /** The configuration in force. */
        GatewayConfig config();

        /** A reload was asked for: whoever rotates logs does that too. */
        void reopenLogs();

        /** What is wrong with the files that another one names, one line each, as {@code headgate check} says it. */
        List<String> problems(GatewayConfig config);

        /**
         * Puts another one in its place, for all exchanges that begin after this returns.
         *
         * @throws IOException if it cannot be used, and the one before goes on
         */
        void replace(GatewayConfig config) throws IOException;
    }

    private final ConfigSource source;
    private final Target target;
    private final ReloadHistory history;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("reload", true));

    private FileStamp judged;
    private FileStamp seen;

    /**
     * Looks at the files from now on.
     *
     * @param source what the configuration in force was read from, last
     * @param history told what comes of each
     */
    public Reload(ConfigSource source, Target target, ReloadHistory history) {
        this.source = source;
        this.target = target;
        this.history = history;
        this.judged = FileStamp.of(source.files());
        this.seen = judged;
        planLook();
    }

    /**
     * Reads the files, and puts what they say into force if nothing is wrong with it. Waits for files and event loops, so it is
     * not for event loops: they {@link #request} it.
     */
    public synchronized ReloadOutcome reload(Cause cause) {
        target.reopenLogs();
        Set<?> before = source.files();
        // Before they are read: what changes in the meantime is another change.
        judged = FileStamp.of(source.files());
        List<String> problems = tryReload();
        if (!source.files().equals(before)) {
            judged = FileStamp.of(source.files());
        }
        ReloadOutcome outcome = new ReloadOutcome(Instant.now(), cause, problems.isEmpty(), problems);
        tell(outcome);
        return outcome;
    }

    /** The same on a thread that may wait. */
    public CompletionStage<ReloadOutcome> request(Cause cause) {
        return CompletableFuture.supplyAsync(() -> reload(cause), thread);
    }

    /** Looks at the files no more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private List<String> tryReload() {
        try {
            GatewayConfig next = source.load();
            List<String> problems = new ArrayList<>(RestartOnly.changed(target.config(), next));
            problems.addAll(target.problems(next));
            if (problems.isEmpty()) {
                target.replace(next);
            }
            return problems.stream()
                    .map(problem -> source.file() + ": " + problem)
                    .toList();
        } catch (ConfigException e) {
            return e.problems();
        } catch (IOException | RuntimeException e) {
            return List.of(source.file() + ": " + e.getMessage());
        }
    }

    private void tell(ReloadOutcome outcome) {
        history.add(outcome);
        String cause = outcome.cause().name().toLowerCase(Locale.ROOT);
        if (outcome.applied()) {
            LOG.info("The configuration was reloaded ({})", cause);
        } else {
            LOG.warn("The configuration was not reloaded ({}), and the one before goes on:", cause);
            outcome.problems().forEach(LOG::warn);
        }
    }

    private void planLook() {
        if (!thread.isShutdown()) {
            long millis = target.config().reloadTime().toMillis();
            thread.schedule(this::look, millis == 0 ? SWITCHED_OFF_MS : millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Two looks must agree before files are read, so that they are not read while they are being written. */
    private synchronized void look() {
        try {
            FileStamp now = FileStamp.of(source.files());
            boolean watched = !target.config().reloadTime().isZero();
            if (watched && !now.equals(judged) && now.equals(seen)) {
                reload(Cause.FILES);
                now = judged;
            }
            seen = now;
        } finally {
            planLook();
        }
    }
}
