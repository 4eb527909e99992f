package headgate.filters.token;

import headgate.filters.Principal;
import headgate.filters.RecentMap;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were verified, by their SHA-256, until they expire or their key is taken back.
 *
 * <p>Only good ones come in, so a flood of bad ones pushes nobody out. Shared by all event loops.
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

    private final RecentMap<Hash, Entry> entries;

    /**
     * Remembers nothing yet.
     *
     * @param max how many at most; with 0 none are
     */
    RememberedTokens(int max) {
        entries = new RecentMap<>(max);
    }

    /**
     * Whose token this is; null when it is not remembered.
     *
     * @param nowMs by the wall clock
     */
    @Nullable
    Principal find(Hash token, long nowMs) {
        Entry entry = entries.find(token);
        if (entry != null && (nowMs >= entry.untilMs || entry.key.retired())) {
            entries.remove(token);
            return null;
        }
        return entry == null ? null : entry.principal;
    }

    /**
     * Remembers a token.
     *
     * @param key what it was verified with
     * @param untilMs when it expires, by the wall clock
     */
    void add(Hash token, Principal principal, IssuerKey key, long untilMs) {
        entries.add(token, new Entry(principal, key, untilMs));
    }

    int size() {
        return entries.size();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
