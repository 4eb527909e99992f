package headgate.filters.identity;

import headgate.conf.Secret;
import headgate.filters.Exchange;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The callers' keys, known only by their SHA-256.
 *
 * <p>A key is looked up by the first bytes of its hash and compared in constant time by all of them, so neither the look-up
 * nor the comparison tells a caller how near a guess was. Immutable; safe for all event loops.
 */
public final class ApiKeys implements Identifier {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(ApiKeys::sha256);

    @SuppressWarnings("ArrayRecordComponent") // never compared as a record, and never handed out
    private record Entry(byte[] hash, Principal principal) {}

    private final Map<Integer, List<Entry>> byHashStart = new HashMap<>();

    /**
     * Takes the keys of a configuration.
     *
     * @param keys principal's name to its secrets
     */
    public ApiKeys(Map<String, List<Secret>> keys) {
        keys.forEach((name, secrets) -> {
            Principal principal = new Principal(name, List.of("key:" + name));
            for (Secret secret : secrets) {
                byte[] hash = hash(secret.value().getBytes(StandardCharsets.ISO_8859_1));
                byHashStart
                        .computeIfAbsent(start(hash), key -> new ArrayList<>(1))
                        .add(new Entry(hash, principal));
            }
        });
    }

    /** Whose key this is; null when it is nobody's. */
    public @Nullable Principal find(byte[] key) {
        byte[] hash = hash(key);
        List<Entry> entries = byHashStart.get(start(hash));
        if (entries == null) {
            return null;
        }
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.hash, hash)) {
                return entry.principal;
            }
        }
        return null;
    }

    @Override
    public void identify(Exchange exchange, byte[] credential, Finding finding) {
        Principal principal = find(credential);
        if (principal == null) {
            finding.unknown(invalid());
        } else {
            finding.known(principal);
        }
    }

    /** What callers without a valid key are told. */
    static ProxyError invalid() {
        return ProxyError.of(
                ProxyError.Kind.INVALID_KEY,
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid"
                        + " key for an active subscription and use a correct regional API endpoint for your resource.");
    }

    private static byte[] hash(byte[] key) {
        return SHA_256.get().digest(key);
    }

    private static int start(byte[] hash) {
        return Arrays.hashCode(Arrays.copyOf(hash, Integer.BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
