package headgate.proxy.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a listener as its files were at one time, and which one a name chooses.
 *
 * <p>Immutable once it is in force, and read by all event loops. The name itself is looked for first, then the wildcard
 * one label above it (RFC 9525, section 6.3).
 */
final class CertificateChoice {
    private final Map<String, SslContext> byName = new HashMap<>();
    private final List<SslContext> all = new ArrayList<>();
    private final boolean refusesUnknownNames;

    CertificateChoice(boolean refusesUnknownNames) {
        this.refusesUnknownNames = refusesUnknownNames;
    }

    /** Adds a certificate; a name that an earlier one has stays with that. */
    void add(SslContext context, List<String> names) {
        all.add(context);
        for (String name : names) {
            byName.putIfAbsent(name, context);
        }
    }

    /** The certificate for a name in lower case, or for a caller that asks for none; null where that is refused. */
    @Nullable
    SslContext find(@Nullable String name) {
        SslContext found = null;
        if (name != null) {
            found = byName.get(name);
            int dot = name.indexOf('.');
            if (found == null && dot > 0) {
                found = byName.get("*" + name.substring(dot));
            }
        }
        return found != null || refusesUnknownNames ? found : all.get(0);
    }

    void forEach(Consumer<SslContext> action) {
        all.forEach(action);
    }

    /** Lets go of them; connections that use one keep it until they end. */
    void release() {
        for (SslContext context : all) {
            // A smaller cache drops the sessions that are kept to be resumed.
            context.sessionContext().setSessionCacheSize(1);
            ReferenceCountUtil.release(context);
        }
    }
}
