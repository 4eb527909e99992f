package headgate.filters.identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a credential, as four words: what a key is known by.
 *
 * <p>Tables find it by its beginning, and equality looks at all of it whatever the difference, so that neither tells a
 * caller how near a guess was.
 */
record KeyHash(long a, long b, long c, long d) {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(KeyHash::sha256);

    /** The hash of a credential. */
    static KeyHash of(byte[] credential) {
        return ofBytes(SHA_256.get().digest(credential));
    }

    /** Reads 64 hexadecimal digits. */
    static KeyHash ofHex(String hex) {
        return ofBytes(HexFormat.of().parseHex(hex));
    }

    /** As 64 lower-case hexadecimal digits. */
    String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash hash && ((a ^ hash.a) | (b ^ hash.b) | (c ^ hash.c) | (d ^ hash.d)) == 0;
    }

    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public String toString() {
        return hex().substring(0, 8);
    }

    private static KeyHash ofBytes(byte[] hash) {
        ByteBuffer words = ByteBuffer.wrap(hash);
        return new KeyHash(words.getLong(), words.getLong(), words.getLong(), words.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
