package headgate.filters.token;

import headgate.conf.IssuerConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One issuer: the keys it has now, and when its documents are read again.
 *
 * <p>They are read by one event loop, in the background: at the start, before they are old, and when a token names a key that
 * is not among them, at most once per interval. While they cannot be read, the known keys go on, and an unknown one is
 * refused without a wait, since nothing could be learnt. Every loop may look for a key.
 */
final class Issuer {
    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** Where its documents are read, and how. */
    private record Home(EventLoop loop, Supplier<Future<IssuerKeys>> documents) {}

    private final IssuerConfig config;
    private volatile IssuerKeys keys = IssuerKeys.NONE;
    private volatile @Nullable Home home;

    // Of the loop where its documents are read.
    private @Nullable Future<IssuerKeys> reading;
    private long startedNanos;
    private long goodNanos;
    private int failures;

    /** An issuer whose documents were not read yet. */
    Issuer(IssuerConfig config) {
        this.config = config;
    }

    IssuerConfig config() {
        return config;
    }

    /**
     * Reads its documents from now on; waits for nothing.
     *
     * @param documents called on that loop; what it gives completes there, within the issuer's deadline
     */
    void start(EventLoop loop, Supplier<Future<IssuerKeys>> documents) {
        Home started = new Home(loop, documents);
        home = started;
        loop.execute(() -> {
            goodNanos = System.nanoTime();
            read(started);
        });
    }

    /** Reads them no more. */
    void stop() {
        home = null;
    }

    /** Whether any of its keys is known. */
    boolean isKnown() {
        return !keys.isEmpty();
    }

    /** Its key of this id, as far as it is known. */
    @Nullable
    IssuerKey find(String keyId) {
        return keys.find(keyId);
    }

    /**
     * Finds a key that was not known, by reading the documents if that may help.
     *
     * @param loop where the future completes; it never fails, and gives null for a key that is not there
     */
    Future<@Nullable IssuerKey> learn(String keyId, EventExecutor loop) {
        Promise<@Nullable IssuerKey> learnt = loop.newPromise();
        Home reader = home;
        if (reader == null) {
            return learnt.setSuccess(null);
        }
        reader.loop.execute(() -> {
            long sinceNanos = System.nanoTime() - startedNanos;
            boolean due = sinceNanos >= config.unknownKeyInterval().toNanos();
            if (find(keyId) == null && failures == 0 && due) {
                read(reader);
            }
            Future<IssuerKeys> awaited = reading;
            if (awaited == null || failures > 0 || find(keyId) != null) {
                learnt.setSuccess(find(keyId));
            } else {
                awaited.addListener(done -> {
                    // A loop that ends has nobody left who waits.
                    if (!loop.isShuttingDown()) {
                        learnt.setSuccess(find(keyId));
                    }
                });
            }
        });
        return learnt;
    }

    private void read(Home reader) {
        if (!reader.equals(home) || reading != null) {
            return;
        }
        startedNanos = System.nanoTime();
        Future<IssuerKeys> begun = reader.documents.get();
        reading = begun;
        begun.addListener((Future<IssuerKeys> done) -> {
            reading = null;
            if (reader.loop.isShuttingDown()) {
                return; // The connection was closed by us: the issuer has not failed.
            }
            if (done.isSuccess()) {
                succeeded(done.getNow());
            } else {
                failed(done.cause());
            }
            readAgain(reader);
        });
    }

    /** One reading is planned at a time: what a token asked for in between moves the next one. */
    private void readAgain(Home reader) {
        long begunNanos = startedNanos;
        reader.loop.schedule(
                () -> {
                    if (startedNanos == begunNanos) {
                        read(reader);
                    }
                },
                pauseMs(),
                TimeUnit.MILLISECONDS);
    }

    private void succeeded(IssuerKeys read) {
        if (failures > 0) {
            LOG.info("The keys of the issuer {} can be read again", config.issuer());
        }
        failures = 0;
        goodNanos = System.nanoTime();
        keys = read.replacing(keys);
    }

    private void failed(Throwable why) {
        if (failures == 0) {
            LOG.warn(
                    "The keys of the issuer {} cannot be read: {}; those that are known go on for {}",
                    config.issuer(),
                    why.getMessage(),
                    config.outage());
        }
        failures++;
        if (System.nanoTime() - goodNanos >= config.outage().toNanos()) {
            keys = IssuerKeys.NONE.replacing(keys);
        }
    }

    /** Somewhat before the documents are old, so that not all nodes ask at once; after a failure ever less often. */
    private long pauseMs() {
        double jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.0);
        if (failures == 0) {
            return (long) (config.refresh().toMillis() * jitter);
        }
        long retryMs = FIRST_RETRY.toMillis() << Math.min(failures - 1, 12);
        return (long) (Math.min(retryMs, config.unknownKeyInterval().toMillis()) * jitter);
    }
}
