package headgate.proxy.downstream;

import headgate.filters.http.HeaderName;
import headgate.filters.http.RequestHead;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id of a request: the caller's {@code x-request-id} where it is usable, else a new one. */
final class RequestId {
    private static final int CHARACTERS_MAX = 128;

    private RequestId() {}

    static String of(RequestHead head) {
        String given = head.fields().value(HeaderName.X_REQUEST_ID);
        return given != null && usable(given) ? given : random();
    }

    /** Visible ASCII that needs no quoting anywhere. */
    private static boolean usable(@Nullable String id) {
        if (id == null || id.isEmpty() || id.length() > CHARACTERS_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!plain && c != '-' && c != '_' && c != '.' && c != ':') {
                return false;
            }
        }
        return true;
    }

    private static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        long variant = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(version4, variant).toString();
    }
}
