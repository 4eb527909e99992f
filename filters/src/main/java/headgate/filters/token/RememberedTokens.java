package headgate.filters.token;

import headgate.filters.Principal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were verified, by their SHA-256, until they expire or their key is taken back.
 *
 * <p>Only good ones come in, so a flood of bad ones pushes nobody out. They stand in two halves: when the young one is full,
 * the old one goes, and the young one takes its place; whoever is asked for moves to the young one. Shared by all event
 * loops: looking one up takes no lock, and remembering one a short one, once per token and half.
 */
final class RememberedTokens {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(RememberedTokens::sha256);

    /** A token's SHA-256. */
    record Hash(long a, long b, long c, long d) {
        static Hash of(byte[] token) {
            ByteBuffer hash = ByteBuffer.wrap(SHA_256.get().digest(token));
            return new Hash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }

        /** Any part of it is as good as the whole. */
        @Override
        public int hashCode() {
            return (int) a;
        }
    }

    private record Entry(Principal principal, IssuerKey key, long untilMs) {}

    private record Halves(Map<Hash, Entry> young, Map<Hash, Entry> old) {}

    private final int half;
    private volatile Halves halves = new Halves(new ConcurrentHashMap<>(), Map.of());

    /**
     * Remembers nothing yet.
     *
     * @param max how many at most; with 0 none are
     */
    RememberedTokens(int max) {
        half = max / 2;
    }

    /**
     * Whose token this is; null when it is not remembered.
     *
     * @param nowMs by the wall clock
     */
    @Nullable
    Principal find(Hash token, long nowMs) {
        Halves now = halves;
        Entry young = now.young.get(token);
        Entry entry = young == null ? now.old.get(token) : young;
        if (entry == null) {
            return null;
        }
        if (nowMs >= entry.untilMs || entry.key.retired()) {
            now.young.remove(token);
            return null;
        }
        if (young == null) {
            add(token, entry);
        }
        return entry.principal;
    }

    /**
     * Remembers a token.
     *
     * @param key what it was verified with
     * @param untilMs when it expires, by the wall clock
     */
    void add(Hash token, Principal principal, IssuerKey key, long untilMs) {
        add(token, new Entry(principal, key, untilMs));
    }

    int size() {
        Halves now = halves;
        return now.young.size() + now.old.size();
    }

    private synchronized void add(Hash token, Entry entry) {
        if (half == 0) {
            return;
        }
        if (halves.young.size() >= half) {
            halves = new Halves(new ConcurrentHashMap<>(), halves.young);
        }
        halves.young.put(token, entry);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
