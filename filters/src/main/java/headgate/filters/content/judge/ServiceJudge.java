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

    private final JudgeConfig config;
    private final Dialect dialect;
    private final @Nullable SslContext tls;
    private final JudgeCounters counters = new JudgeCounters();
    private final RecentMap<ByteBuffer, Verdict> remembered;
    private final Map<ByteBuffer, Pending> pending = new ConcurrentHashMap<>();
    private final Turnstile turnstile;
    private final Breaker breaker = new Breaker();
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
        List<Text> pieces = Pieces.of(question.texts(), config.charactersMax());
        for (Dialect.Operation operation : dialect.operations(question.source(), question.categories())) {
            List<Pending> missing = missing(operation, pieces, asked);
            for (int from = 0; from < missing.size(); from += operation.textsMax()) {
                int to = Math.min(missing.size(), from + operation.textsMax());
                send(loop, operation, List.copyOf(missing.subList(from, to)), untilNanos);
            }
        }
        asked.found(Verdict.NONE);
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

    private void send(EventLoop loop, Dialect.Operation operation, List<Pending> batch, long untilNanos) {
        if (!breaker.passes(System.nanoTime())) {
            end(batch, "it has failed and is not asked for now");
        } else if (!turnstile.enter(loop, () -> fetch(loop, operation, batch, untilNanos))) {
            end(batch, "too many questions wait for it");
        }
    }

    private void fetch(EventLoop loop, Dialect.Operation operation, List<Pending> batch, long untilNanos) {
        long leftNanos = untilNanos - System.nanoTime();
        Fetcher fetches = fetcher;
        if (leftNanos <= 0 || fetches == null) {
            turnstile.leave();
            end(batch, fetches == null ? "the gateway is still starting" : "its turn did not come in time");
            return;
        }
        List<Text> texts = batch.stream().map(Pending::text).toList();
        fetches.fetch(loop, request(operation, texts, leftNanos)).addListener((Future<FetchAnswer> done) -> {
            turnstile.leave();
            try {
                if (!done.isSuccess()) {
                    throw new IOException(done.cause().getMessage());
                }
                if (done.getNow().status() != 200) {
                    throw new IOException("it answered with " + done.getNow().status());
                }
                List<Verdict> verdicts = operation.read(done.getNow().body(), texts);
                if (verdicts.size() != texts.size()) {
                    throw new IOException("it answered with " + verdicts.size() + " verdicts on " + texts.size());
                }
                end(batch, verdicts);
            } catch (IOException e) {
                counters.failed.increment();
                if (breaker.failed(System.nanoTime())) {
                    LOG.warn("Judge {} fails: {}", config.name(), e.getMessage());
                }
                end(batch, String.valueOf(e.getMessage()));
            }
        });
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

    private void end(List<Pending> batch, List<Verdict> verdicts) {
        counters.answered.increment();
        if (breaker.succeeded()) {
            LOG.info("Judge {} answers again", config.name());
        }
        for (int i = 0; i < batch.size(); i++) {
            Pending judged = batch.get(i);
            remembered.add(judged.key(), verdicts.get(i));
            pending.remove(judged.key(), judged);
            counters.judged.add(judged.found(verdicts.get(i)));
        }
    }

    private void end(List<Pending> batch, String why) {
        for (Pending unjudged : batch) {
            pending.remove(unjudged.key(), unjudged);
            counters.unjudged.add(unjudged.failed(config.name() + ": " + why));
        }
    }

    private static ByteBuffer key(Dialect.Operation operation, Text text) {
        MessageDigest digest = sha256();
        digest.update(operation.path().getBytes(StandardCharsets.UTF_8));
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
