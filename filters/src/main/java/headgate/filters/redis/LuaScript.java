package headgate.filters.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that Redis runs as one step: a file that says what its KEYS and ARGV are.
 *
 * @param name the file's, for messages
 * @param sha1 what Redis knows it by once it has run it
 */
public record LuaScript(String name, String text, String sha1) {
    /**
     * Reads a script that stands beside a class.
     *
     * @throws IllegalStateException if it was not packed with the program
     */
    public static LuaScript beside(Class<?> type, String name) {
        try (InputStream in = type.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing beside " + type.getName());
            }
            byte[] text = in.readAllBytes();
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text);
            return new LuaScript(
                    name,
                    new String(text, StandardCharsets.UTF_8),
                    HexFormat.of().formatHex(sha1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
