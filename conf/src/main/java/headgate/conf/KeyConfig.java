package headgate.conf;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One caller that is known by a key, and what bounds that key.
 *
 * @param name who that is
 * @param sha256 the SHA-256 of its secrets in 64 lower-case hexadecimal digits, the oldest first; the secrets themselves are
 *     forgotten once they are read
 * @param expires from when on its secrets are nobody's; null for never
 * @param deployments what it may use: names, in which {@code *} stands for any characters; empty for all
 * @param surfaces where it may ask: {@code models}, {@code openai}, {@code v1}; empty for all
 * @param networks where it may come from; empty for anywhere
 */
public record KeyConfig(
        String name,
        List<String> sha256,
        @Nullable Instant expires,
        List<String> deployments,
        List<String> surfaces,
        List<Network> networks) {}
