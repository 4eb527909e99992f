package headgate.filters.content.judge;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.JudgeConfig;
import headgate.filters.RecentMap;
import headgate.filters.content.Judge;
import headgate.filters.content.Verdict;
import headgate.filters.fetch.FetchAnswer;
import headgate.filters.fetch.FetchRequest;
import headgate.filters.fetch.Fetcher;
import headgate.filters.http.AnswerHead;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A judge that is a service: asked once for each text that is not remembered, in time, and by no more calls than it takes.
 *
 * <p>A text is remembered by its SHA-256, so the history that a conversation repeats costs nothing. Whoever asks for a text that is
 * being judged waits for the same answer. Shared by all event loops.
 */
final class ServiceJudge implements Judge {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceJudge.class);
    private static final AnswerHead.Field JSON =
            new AnswerHead.Field(AsciiString.cached("content-type"), AsciiString.cached("application/json"));
    private static final int ANSWER_BYTES_MAX = 1024 * 1024;

    /** Of the statuses from 400 to 499 those that have nothing to do with a text: the key is wrong, or it is asked too much. */
    private static final Set<Integer> FAILURES = Set.of(401, 403, 408, 429);

    /**
     * One call of the service.
     *
     * @param batch the texts
     * @param calls of the same question
     * @param over told when it is over
     */
    private record Call(
            EventLoop loop,
            Dialect.Operation operation,
            List<Pending> batch,
            long untilNanos,
            Calls calls,
            Runnable over) {}

    private final JudgeConfig config;
    private final Dialect dialect;
    private final @Nullable SslContext tls;
    private final JudgeCounters counters = new JudgeCounters();
    private final RecentMap<ByteBuffer, Verdict> remembered;
    private final Map<ByteBuffer, Pending> pending = new ConcurrentHashMap<>();
    private final Turnstile turnstile;
    private final Breaker breaker = new Breaker();
    private final AtomicBoolean refusalsTold = new AtomicBoolean();
    private volatile @Nullable Fetcher fetcher;

    ServiceJudge(JudgeConfig config, Dialect dialect, @Nullable SslContext tls) {
        this.config = config;
        this.dialect = dialect;
        this.tls = tls;
        this.remembered = new RecentMap<>(config.remembered());
        this.turnstile = new Turnstile(config.concurrent());
    }

    /** It can be asked from now on. */
    void start(Fetcher fetches) {
        fetcher = fetches;
    }

    /** Whether it is what another configuration wants. */
    @SuppressWarnings("ReferenceEquality") // the same context is meant
    boolean is(JudgeConfig other, @Nullable SslContext otherTls) {
        return config.equals(other) && tls == otherTls;
    }

    JudgeCounters counters() {
        return counters;
    }

    @Override
    public void judge(EventLoop loop, Question question, Answer answer) {
        Asked asked = new Asked(loop, answer, config.deadline());
        long untilNanos = System.nanoTime() + config.deadline().toNanos();
        Calls calls = new Calls(config.concurrent());
        for (Dialect.Operation operation : dialect.operations(question.source(), question.categories())) {
            int charactersMax = Math.min(config.charactersMax(), operation.charactersMax());
            List<Text> pieces = Pieces.of(question.texts(), charactersMax);
            for (List<Pending> batch : batches(operation, missing(operation, pieces, asked))) {
                calls.add(over -> send(new Call(loop, operation, batch, untilNanos, calls, over)));
            }
        }
        calls.make();
        asked.found(Verdict.NONE);
    }

    private static List<List<Pending>> batches(Dialect.Operation operation, List<Pending> missing) {
        List<List<Pending>> batches = new ArrayList<>();
        List<Pending> batch = new ArrayList<>();
        long characters = 0;
        for (Pending next : missing) {
            int length = next.text().characters().length();
            if (batch.size() == operation.textsMax() || characters + length > operation.charactersMax()) {
                batches.add(batch);
                batch = new ArrayList<>();
                characters = 0;
            }
            batch.add(next);
            characters += length;
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    /** What nobody has asked yet; for all the others the questioner waits, or knows them by now. */
    private List<Pending> missing(Dialect.Operation operation, List<Text> pieces, Asked asked) {
        List<Pending> missing = new ArrayList<>();
        for (Text piece : pieces) {
            if (!operation.takes(piece)) {
                continue;
            }
            asked.expect();
            ByteBuffer key = key(operation, piece);
            Verdict known = remembered.find(key);
            if (known != null) {
                counters.remembered.increment();
                asked.found(known);
                continue;
            }
            Pending mine = new Pending(key, piece);
            mine.join(asked);
            Pending there = pending.putIfAbsent(key, mine);
            if (there == null || !there.join(asked)) {
                missing.add(mine);
            }
        }
        return missing;
    }

    private void send(Call call) {
        if (!breaker.passes(System.nanoTime())) {
            unjudged(call, "it has failed and is not asked for now");
        } else if (!turnstile.enter(call.loop, () -> fetch(call))) {
            unjudged(call, "too many questions wait for it");
        }
    }

    private void fetch(Call call) {
        long leftNanos = call.untilNanos - System.nanoTime();
        Fetcher fetches = fetcher;
        if (leftNanos <= 0 || fetches == null) {
            turnstile.leave();
            unjudged(call, fetches == null ? "the gateway is still starting" : "its turn did not come in time");
            return;
        }
        List<Text> texts = call.batch.stream().map(Pending::text).toList();
        fetches.fetch(call.loop, request(call.operation, texts, leftNanos)).addListener((Future<FetchAnswer> done) -> {
            turnstile.leave();
            try {
                if (!done.isSuccess()) {
                    throw new IOException(done.cause().getMessage());
                }
                int status = done.getNow().status();
                if (status != 200 && isForTexts(status)) {
                    refused(call, status);
                    return;
                }
                if (status != 200) {
                    throw new IOException("it answered with " + status);
                }
                List<Verdict> verdicts = call.operation.read(done.getNow().body(), texts);
                if (verdicts.size() != texts.size()) {
                    throw new IOException("it answered with " + verdicts.size() + " verdicts on " + texts.size());
                }
                judged(call, verdicts);
            } catch (IOException e) {
                counters.failed.increment();
                if (breaker.failed(System.nanoTime())) {
                    LOG.warn("Judge {} fails: {}", config.name(), e.getMessage());
                }
                unjudged(call, String.valueOf(e.getMessage()));
            }
        });
    }

    /** Whether a status may come from what the texts are, so that a caller could bring it about. */
    private static boolean isForTexts(int status) {
        return status >= 400 && status < 500 && !FAILURES.contains(status);
    }

    /** One of the texts may spoil it for the others: each is asked for alone. No failure of the service, whose breaker stays as it is. */
    private void refused(Call call, int status) {
        counters.failed.increment();
        if (refusalsTold.compareAndSet(false, true)) {
            LOG.warn("Judge {} refuses texts with {}, which is told only once", config.name(), status);
        }
        if (call.batch.size() == 1) {
            unjudged(call, "it answered with " + status);
            return;
        }
        for (Pending each : call.batch) {
            call.calls.add(over ->
                    send(new Call(call.loop, call.operation, List.of(each), call.untilNanos, call.calls, over)));
        }
        call.over.run();
    }

    private FetchRequest request(Dialect.Operation operation, List<Text> texts, long leftNanos) {
        try {
            byte[] body = operation.body(texts);
            List<AnswerHead.Field> fields = new ArrayList<>(dialect.fields(body));
            fields.add(JSON);
            URI url = URI.create(config.url() + operation.path());
            return new FetchRequest("POST", url, fields, body, Duration.ofNanos(leftNanos), ANSWER_BYTES_MAX, tls);
        } catch (IOException e) {
            throw new IllegalStateException("an array takes everything", e);
        }
    }

    private void judged(Call call, List<Verdict> verdicts) {
        counters.answered.increment();
        if (breaker.succeeded()) {
            LOG.info("Judge {} answers again", config.name());
        }
        for (int i = 0; i < call.batch.size(); i++) {
            Pending judged = call.batch.get(i);
            remembered.add(judged.key(), verdicts.get(i));
            pending.remove(judged.key(), judged);
            counters.judged.add(judged.found(verdicts.get(i)));
        }
        call.over.run();
    }

    private void unjudged(Call call, String why) {
        for (Pending unjudged : call.batch) {
            pending.remove(unjudged.key(), unjudged);
            counters.unjudged.add(unjudged.failed(config.name() + ": " + why));
        }
        call.over.run();
    }

    private static ByteBuffer key(Dialect.Operation operation, Text text) {
        MessageDigest digest = sha256();
        digest.update((operation.path() + operation.context()).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) (text.document() ? 1 : 0));
        for (Category category : inOrder(operation.categories())) {
            digest.update(category.field().getBytes(StandardCharsets.UTF_8));
        }
        digest.update((byte) 0);
        return ByteBuffer.wrap(digest.digest(text.characters().getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Category> inOrder(Set<Category> categories) {
        return categories.stream().sorted().toList();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
