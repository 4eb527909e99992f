package headgate.filters.token;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer by their ids, as it published them at one time.
 *
 * <p>Immutable but for keys being retired.
 */
final class IssuerKeys {
    private static final int DEPTH_MAX = 8;

    /** Those of an issuer whose documents were never read. */
    static final IssuerKeys NONE = new IssuerKeys(Map.of());

    private final Map<String, IssuerKey> byId;

    private IssuerKeys(Map<String, IssuerKey> byId) {
        this.byId = byId;
    }

    /**
     * Reads a set of keys (RFC 7517, section 5).
     *
     * @throws TokenException if it is none, or nothing can be verified with any of its keys
     */
    static IssuerKeys parse(byte[] document) throws TokenException {
        if (!(StrictJson.object(document, DEPTH_MAX).get("keys") instanceof List<?> items)) {
            throw new TokenException(TokenFault.NOT_JSON);
        }
        Map<String, IssuerKey> byId = new LinkedHashMap<>();
        for (Object item : items) {
            if (item instanceof Map<?, ?> members && members.get("kid") instanceof String id) {
                Map<String, Object> jwk = new LinkedHashMap<>();
                members.forEach((name, value) -> jwk.put((String) name, value));
                // Of two keys with one id the first counts, whichever the second is.
                byId.putIfAbsent(id, new IssuerKey(jwk));
            }
        }
        if (byId.values().stream().noneMatch(IssuerKey::usable)) {
            throw new TokenException(TokenFault.KEY_ILL_FORMED);
        }
        return new IssuerKeys(byId);
    }

    /** The key of this id, which may be one that verifies nothing; null when there is none. */
    @Nullable
    IssuerKey find(String id) {
        return byId.get(id);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** These keys in the place of earlier ones: what is still the same stays the same object, what is gone is retired. */
    IssuerKeys replacing(IssuerKeys earlier) {
        Map<String, IssuerKey> kept = new LinkedHashMap<>(byId);
        earlier.byId.forEach((id, old) -> {
            IssuerKey now = byId.get(id);
            if (now != null && now.isSame(old)) {
                kept.put(id, old);
            } else {
                old.retire();
            }
        });
        return new IssuerKeys(kept);
    }
}
