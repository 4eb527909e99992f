package headgate.proxy.credential;

import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token that upstreams are shown, kept fresh in the background.
 *
 * <p>One event loop has it fetched: at the start, well before it expires, and once when an upstream refuses it. While that
 * fails the old one goes on until it expires. Every loop may read the line of the moment; nobody waits for a token as long as
 * there is one.
 */
public final class Credential {
    private static final Logger LOG = LoggerFactory.getLogger(Credential.class);
    private static final long FIRST_RETRY_MS = 500;
    private static final long LAST_RETRY_MS = 60_000;
    private static final long ASK_AGAIN_MS = 1000;
    private static final byte[] NONE = {};

    /** How it is fetched. */
    private record Home(EventLoop loop, TokenSource source, Executor files) {}

    @SuppressWarnings("ArrayRecordComponent") // Compared by identity: each token has its own line.
    private record Held(byte[] line, long untilNanos, boolean refused) {}

    private final String name;
    private final CredentialCounters counters = new CredentialCounters();
    private volatile Held held = new Held(NONE, System.nanoTime(), false);
    private volatile @Nullable Promise<Token> fetching;
    private volatile @Nullable Home home;

    // Of the loop that has it fetched.
    private int failures;
    private long planned;

    Credential(String name) {
        this.name = name;
    }

    /** The name as it is written in a configuration. */
    public String name() {
        return name;
    }

    /** What became of its tokens. */
    public CredentialCounters counters() {
        return counters;
    }

    void start(EventLoop loop, TokenSource source, Executor files) {
        home = new Home(loop, source, files);
        loop.execute(this::fetch);
    }

    void stop() {
        home = null;
    }

    /** The header line of the moment, with its end; empty as long as there never was a token. Not to be changed. */
    public byte[] line() {
        return held.line;
    }

    /** Whether there is a token that has not expired. */
    public boolean isValid() {
        return held.untilNanos - System.nanoTime() > 0;
    }

    /** Whether there is, or may soon be, something better to show than this line, which an upstream refused. */
    public boolean mayReplace(byte[] line) {
        // What is being fetched is looked at last: it is there before a token is marked as refused.
        Held now = held;
        return home != null && (now.line != line || !now.refused || fetching != null);
    }

    /**
     * Waits for a token: a fetch that is under way, or none.
     *
     * @param loop where the future completes; it fails with a {@link ProxyError} when there is no valid token then
     */
    public Future<Void> valid(EventExecutor loop) {
        return after(loop, () -> {});
    }

    /**
     * Has another token fetched in place of a refused one, unless that was done before.
     *
     * @param line what an upstream refused
     * @param loop where the future completes; it fails with a {@link ProxyError} when there is no valid token then
     */
    public Future<Void> replaced(byte[] line, EventExecutor loop) {
        return after(loop, () -> {
            if (held.line == line && !held.refused) {
                counters.refused().increment();
                fetch();
                held = new Held(line, held.untilNanos, true);
            }
        });
    }

    private Future<Void> after(EventExecutor loop, Runnable first) {
        Promise<Void> result = loop.newPromise();
        Home fetcher = home;
        if (fetcher == null) {
            return result.setFailure(missing());
        }
        fetcher.loop.execute(() -> {
            first.run();
            Promise<Token> awaited = fetching;
            if (awaited == null) {
                tell(result, loop);
            } else {
                awaited.addListener(done -> tell(result, loop));
            }
        });
        return result;
    }

    private void tell(Promise<Void> result, EventExecutor loop) {
        if (loop.isShuttingDown()) {
            return; // Nobody is there any more to be told.
        }
        if (isValid()) {
            result.setSuccess(null);
        } else {
            result.setFailure(missing());
        }
    }

    private ProxyError missing() {
        return ProxyError.retryLater(
                Kind.UNAVAILABLE, "The gateway has no token of its credential " + name + " at present.", ASK_AGAIN_MS);
    }

    private void fetch() {
        Home fetcher = home;
        if (fetcher == null || fetching != null) {
            return;
        }
        long askedNanos = System.nanoTime();
        Promise<Token> token = fetcher.loop.newPromise();
        fetching = token;
        // First of its listeners, so that all others find its outcome.
        token.addListener((Future<Token> done) -> {
            if (done.isSuccess()) {
                came(done.getNow(), askedNanos, fetcher);
            } else {
                failed(done.cause(), fetcher);
            }
            fetching = null;
        });
        try {
            fetcher.files.execute(() -> {
                try {
                    fetcher.source.fetch(token);
                } catch (IOException | GeneralSecurityException | RuntimeException e) {
                    if (home != null) {
                        token.tryFailure(e);
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            token.tryFailure(e);
        }
    }

    private void came(Token token, long askedNanos, Home fetcher) {
        counters.fetched().increment();
        if (failures > 0) {
            LOG.info("Tokens of the credential {} can be fetched again", name);
        }
        failures = 0;
        byte[] line = ("authorization: Bearer " + token.value() + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long untilNanos = askedNanos + token.lifeNanos();
        Held now = held;
        // A token that is given twice was refused for both times.
        held = Arrays.equals(now.line, line)
                ? new Held(now.line, untilNanos, now.refused)
                : new Held(line, untilNanos, false);
        fetchAgain(fetcher, token.againNanos());
    }

    private void failed(Throwable why, Home fetcher) {
        counters.failed().increment();
        if (failures == 0 && home != null) {
            LOG.warn(
                    "Tokens of the credential {} cannot be fetched: {}; one that has not expired goes on",
                    name,
                    why.getMessage());
        }
        long retryMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS << Math.min(failures, 10));
        failures++;
        double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1.0);
        fetchAgain(fetcher, TimeUnit.MILLISECONDS.toNanos((long) (retryMs * jitter)));
    }

    /** One fetch is planned at a time: what a refusal asked for in between moves the next one. */
    private void fetchAgain(Home fetcher, long pauseNanos) {
        long plan = ++planned;
        fetcher.loop.schedule(
                () -> {
                    if (planned == plan) {
                        fetch();
                    }
                },
                pauseNanos,
                TimeUnit.NANOSECONDS);
    }
}
