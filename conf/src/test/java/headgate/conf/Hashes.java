package headgate.conf;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** The SHA-256 of a secret, computed apart from the reader. */
final class Hashes {
    private Hashes() {}

    /** The key of this name. */
    static KeyConfig key(GatewayConfig config, String name) {
        return Objects.requireNonNull(config.keys().get(name));
    }

    static String sha256(String secret) {
        try {
            byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
