package headgate.proxy.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/**
 * What session tickets of a listener are encrypted with: one key to issue and read, the one before only to read.
 *
 * <p>Left alone, BoringSSL makes a key for each context and turns it every two days: each change of a file would forget
 * every ticket, and one stolen key would open two days. These are made here, survive the files, and are turned every hour,
 * so that a ticket is good for one to two hours. Nodes do not share them. The JDK takes no keys: there a ticket is good for
 * two hours, or until the files change.
 */
final class TicketKeys {
    /** How long a key issues. */
    static final Duration TURN = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();
    private OpenSslSessionTicketKey issuing = make();
    private OpenSslSessionTicketKey before = make();
    private long turnedNanos;

    TicketKeys(long nowNanos) {
        turnedNanos = nowNanos;
    }

    /** Makes a new key when it is time for one; whether it did. */
    boolean turn(long nowNanos) {
        if (nowNanos - turnedNanos < TURN.toNanos()) {
            return false;
        }
        boolean oneMissed = nowNanos - turnedNanos >= 2 * TURN.toNanos();
        before = oneMissed ? make() : issuing;
        issuing = make();
        turnedNanos = nowNanos;
        return true;
    }

    /** Has a context use them, if it is one that takes keys. */
    void giveTo(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(issuing, before);
        }
    }

    OpenSslSessionTicketKey issuing() {
        return issuing;
    }

    OpenSslSessionTicketKey before() {
        return before;
    }

    private OpenSslSessionTicketKey make() {
        byte[] bytes = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        random.nextBytes(bytes);
        int name = OpenSslSessionTicketKey.NAME_SIZE;
        int hmac = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(bytes, 0, name),
                Arrays.copyOfRange(bytes, name, hmac),
                Arrays.copyOfRange(bytes, hmac, bytes.length));
    }
}
