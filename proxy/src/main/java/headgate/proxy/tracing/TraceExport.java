package headgate.proxy.tracing;

import headgate.conf.TracingConfig;
import headgate.filters.fetch.FetchAnswer;
import headgate.filters.fetch.FetchRequest;
import headgate.filters.fetch.Fetcher;
import headgate.filters.http.AnswerHead;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends traced exchanges to the collector, many at once; what it does not take in a few tries is given up, and what comes while
 * too many wait is dropped. Nobody waits for it, and it is left alone for a while after each try that failed.
 *
 * <p>Confined to a thread of its own, but for {@link #add}.
 */
final class TraceExport {
    private static final Logger LOG = LoggerFactory.getLogger(TraceExport.class);
    private static final int BATCH = 512;
    private static final int TRIES = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LAST_DEADLINE = Duration.ofSeconds(1);
    private static final int ANSWER_BYTES_MAX = 64 * 1024;
    private static final long WAIT_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

    private final TracingConfig config;
    private final @Nullable SslContext tls;
    private final TraceCounters counters;
    private final ArrayBlockingQueue<TracedExchange> queue;
    private final Backoff backoff;
    private final List<AnswerHead.Field> fields = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("tracing", true));

    private @Nullable EventLoop loop;
    private @Nullable Fetcher fetcher;
    private List<TracedExchange> batch = List.of();
    private boolean sending;
    private boolean stopping;
    private int tries;
    private boolean failing;

    TraceExport(TracingConfig config, @Nullable SslContext tls, TraceCounters counters) {
        this.config = config;
        this.tls = tls;
        this.counters = counters;
        this.queue = new ArrayBlockingQueue<>(config.queue());
        this.backoff = new Backoff(config.interval().toNanos(), WAIT_NANOS_MAX);
        fields.add(new AnswerHead.Field("content-type", "application/json"));
        config.headers().forEach((name, value) -> fields.add(new AnswerHead.Field(name, value.value())));
    }

    /** Called again when another configuration is taken up that has the same tracing. */
    void start(EventLoop on, Fetcher by) {
        thread.execute(() -> {
            if (loop == null) {
                long millis = config.interval().toMillis();
                thread.scheduleWithFixedDelay(this::send, millis, millis, TimeUnit.MILLISECONDS);
            }
            loop = on;
            fetcher = by;
        });
    }

    /** One more to be told of; for all event loops. */
    void add(TracedExchange exchange) {
        if (!queue.offer(exchange)) {
            counters.dropped.increment();
        } else if (queue.size() >= BATCH && woken.compareAndSet(false, true)) {
            thread.execute(this::send);
        }
    }

    /** Sends what waits, as far as it is taken at once, and ends; completes then. */
    CompletionStage<Void> stop() {
        if (!thread.isShutdown()) {
            thread.execute(() -> {
                stopping = true;
                send();
            });
        }
        return stopped;
    }

    private void send() {
        EventLoop on = loop;
        Fetcher by = fetcher;
        if (sending || (!stopping && backoff.waits(System.nanoTime()))) {
            return;
        }
        woken.set(false);
        if (on == null || by == null || !next()) {
            endIfStopping();
            return;
        }
        sending = true;
        by.fetch(
                        on,
                        new FetchRequest(
                                "POST",
                                config.url(),
                                fields,
                                SpanText.of(config.service(), batch),
                                stopping ? LAST_DEADLINE : DEADLINE,
                                ANSWER_BYTES_MAX,
                                tls))
                .addListener((Future<FetchAnswer> answer) -> thread.execute(() -> answered(answer)));
    }

    /** Whether there is anything to be sent: what was not taken comes first. */
    private boolean next() {
        if (batch.isEmpty()) {
            List<TracedExchange> next = new ArrayList<>(BATCH);
            queue.drainTo(next, BATCH);
            batch = next;
        }
        return !batch.isEmpty();
    }

    private void answered(Future<FetchAnswer> answer) {
        sending = false;
        int status = answer.isSuccess() ? answer.getNow().status() : 0;
        boolean taken = status >= 200 && status < 300;
        boolean later = status == 0 || status == 429 || (status >= 502 && status <= 504);
        if (taken) {
            failing = false;
            backoff.taken();
        } else {
            int seconds = status == 0 ? 0 : answer.getNow().retryAfterSeconds();
            backoff.refused(System.nanoTime(), TimeUnit.SECONDS.toNanos(seconds));
            tell(status == 0 ? answer.cause().getMessage() : "it answered with " + status);
        }
        if (taken || !later || ++tries >= TRIES) {
            (taken ? counters.sent : counters.failed).add(batch.size());
            batch = List.of();
            tries = 0;
        }
        if (later) {
            endIfStopping();
        } else {
            send();
        }
    }

    private void endIfStopping() {
        if (stopping) {
            counters.failed.add(batch.size() + queue.size());
            thread.shutdownNow();
            stopped.complete(null);
        }
    }

    /** Once for each time that it begins to fail. */
    private void tell(@Nullable String why) {
        if (!failing) {
            failing = true;
            LOG.warn("Traces are not taken by {}: {}", config.url(), why);
        }
    }
}
