package headgate.filters.identity;

import headgate.conf.KeyConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The callers' keys of a configuration, known only by their SHA-256.
 *
 * <p>Immutable; safe for all event loops.
 */
final class ApiKeys {
    private final Map<KeyHash, ApiKey> byHash = new HashMap<>();

    /** Takes the keys of a configuration. */
    ApiKeys(Map<String, KeyConfig> keys) {
        for (KeyConfig key : keys.values()) {
            ApiKey ready = ApiKey.of(key);
            key.sha256().forEach(hash -> byHash.put(KeyHash.ofHex(hash), ready));
        }
    }

    /** Whose key this is; null when it is nobody's. */
    @Nullable
    ApiKey find(KeyHash hash) {
        return byHash.get(hash);
    }
}
