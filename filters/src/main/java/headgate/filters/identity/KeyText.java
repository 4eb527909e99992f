package headgate.filters.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * What keys look like that are made here: {@code hg_}, then 48 base64url characters for 32 random bytes and their CRC-32.
 *
 * <p>The beginning lets scanners for secrets find one that leaked; the checksum tells a mistyped or invented one from a real
 * one without asking anybody.
 */
public final class KeyText {
    private static final String BEGINNING = "hg_";
    private static final int RANDOM_BYTES = 32;
    private static final int CHARS = BEGINNING.length() + (RANDOM_BYTES + Integer.BYTES) / 3 * 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyText() {}

    /** A new key. */
    public static String create() {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        byte[] all = ByteBuffer.allocate(RANDOM_BYTES + Integer.BYTES)
                .put(random)
                .putInt(checksum(random))
                .array();
        return BEGINNING + Base64.getUrlEncoder().encodeToString(all);
    }

    /** The SHA-256 of a key, in 64 lower-case hexadecimal digits: all that is ever stored of it. */
    public static String sha256(String key) {
        return KeyHash.of(key.getBytes(StandardCharsets.ISO_8859_1)).hex();
    }

    /** Whether a credential may be one of these. */
    static boolean isOne(byte[] credential) {
        if (credential.length != CHARS) {
            return false;
        }
        for (int i = 0; i < BEGINNING.length(); i++) {
            if (credential[i] != BEGINNING.charAt(i)) {
                return false;
            }
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(Arrays.copyOfRange(credential, BEGINNING.length(), CHARS));
            byte[] random = Arrays.copyOf(all, RANDOM_BYTES);
            return all.length == RANDOM_BYTES + Integer.BYTES
                    && ByteBuffer.wrap(all).getInt(RANDOM_BYTES) == checksum(random);
        } catch (IllegalArgumentException e) {
            return false; // A character that base64url does not have.
        }
    }

    private static int checksum(byte[] random) {
        CRC32 crc = new CRC32();
        crc.update(random);
        return (int) crc.getValue();
    }
}
