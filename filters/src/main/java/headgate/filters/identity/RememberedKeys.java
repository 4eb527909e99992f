package headgate.filters.identity;

import headgate.conf.IdentityConfig;
import headgate.conf.KeyConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node remembers of the keys in Redis.
 *
 * <p>Four times a second it asks for the version of the whole table. What was remembered under the same version is good
 * without asking; under another, it is asked for again at its next use. While Redis is away, what is known goes on for a
 * time. Shared by all event loops, without a lock.
 */
final class RememberedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedKeys.class);
    /** A quarter of the second within which a revocation holds everywhere, so that a lost answer or two do not matter. */
    private static final long LOOK_MS = 250;
    /** Questions on their way; above, further ones are refused. */
    private static final int ASKED_MAX = 1024;

    /** Redis cannot be asked; stackless, since it is cheap to be refused. */
    static final class Busy extends Exception {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("too many questions on their way", null, false, false);
        }
    }

    /**
     * What was answered.
     *
     * @param key null when the hash is nobody's
     * @param version of the table that said so
     * @param atNanos {@link System#nanoTime()} then
     */
    record Memory(@Nullable ApiKey key, String version, long atNanos) {}

    private final RedisKeyTable table;
    private final long outageNanos;
    private final long unknownNanos;
    private final int most;
    private final ConcurrentHashMap<KeyHash, Memory> memories = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<KeyHash, CompletableFuture<Memory>> asked = new ConcurrentHashMap<>();
    private final Executor later = CompletableFuture.delayedExecutor(LOOK_MS, TimeUnit.MILLISECONDS, Runnable::run);

    private volatile String version = "";
    private volatile long confirmedNanos = System.nanoTime();
    private volatile boolean closed;

    RememberedKeys(RedisKeyTable table, IdentityConfig config) {
        this.table = table;
        this.outageNanos = config.keyOutageTime().toNanos();
        this.unknownNanos = config.unknownKeyTime().toNanos();
        this.most = config.rememberedKeys();
        look();
    }

    /** What is remembered and good without asking; null when Redis has to be asked. */
    @Nullable
    Memory find(KeyHash hash) {
        Memory memory = memories.get(hash);
        if (memory == null || !memory.version.equals(version)) {
            return null;
        }
        long now = System.nanoTime();
        boolean good = memory.key == null
                ? now - memory.atNanos <= unknownNanos
                : now - confirmedNanos <= outageNanos + TimeUnit.MILLISECONDS.toNanos(2 * LOOK_MS);
        return good ? memory : null;
    }

    /** A key that was known and has to be asked for again; null when there is none, or it was known too long ago. */
    @Nullable
    Memory findKnownBefore(KeyHash hash) {
        Memory memory = memories.get(hash);
        return memory != null && memory.key != null && System.nanoTime() - confirmedNanos <= outageNanos
                ? memory
                : null;
    }

    /** Asks Redis; those who ask for the same key at the same time share the answer. */
    CompletionStage<Memory> ask(KeyHash hash) {
        CompletableFuture<Memory> answer = new CompletableFuture<>();
        CompletableFuture<Memory> first = asked.putIfAbsent(hash, answer);
        if (first != null) {
            return first;
        }
        if (asked.size() > ASKED_MAX) {
            asked.remove(hash);
            answer.completeExceptionally(new Busy());
            return answer;
        }
        table.find(hash).whenComplete((found, error) -> {
            if (error == null) {
                KeyConfig key = found.key();
                Memory memory = new Memory(key == null ? null : ApiKey.of(key), found.version(), System.nanoTime());
                remember(hash, memory);
                // A change that was not looked for yet: else whatever is asked until the next look would be asked
                // again.
                version = found.version();
                confirmedNanos = memory.atNanos;
                asked.remove(hash);
                answer.complete(memory);
            } else {
                asked.remove(hash);
                answer.completeExceptionally(error);
            }
        });
        return answer;
    }

    /** Whether it remembers as much and as long as this configuration says. */
    boolean isBoundBy(IdentityConfig config) {
        return outageNanos == config.keyOutageTime().toNanos()
                && unknownNanos == config.unknownKeyTime().toNanos()
                && most == config.rememberedKeys();
    }

    void close() {
        closed = true;
    }

    /** Makes room by forgetting whatever comes first: hashes are in no order that a caller could choose. */
    private void remember(KeyHash hash, Memory memory) {
        while (memories.size() >= most && !memories.containsKey(hash)) {
            var first = memories.keySet().iterator();
            if (first.hasNext()) {
                memories.remove(first.next());
            }
        }
        memories.put(hash, memory);
    }

    /** Looks whether anything has changed, and again a little later. */
    private void look() {
        if (closed) {
            return;
        }
        table.version().whenComplete((current, error) -> {
            if (error == null) {
                if (!current.equals(version)) {
                    LOG.debug("The keys in Redis have changed");
                }
                version = current;
                confirmedNanos = System.nanoTime();
            }
            later.execute(this::look);
        });
    }
}
