package headgate.filters.identity;

import headgate.filters.Exchange;
import headgate.filters.HeldBytes;
import headgate.filters.LateGateHandler;
import headgate.filters.Principal;
import headgate.filters.Reach;
import headgate.filters.api.ProxyError;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import io.netty.channel.ChannelHandlerContext;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that asks who calls; it needs the head only.
 *
 * <p>Stands behind the operation, since a wrong path costs nothing, and before anything of the body is accepted. A
 * credential may come in three fields, with or without the scheme {@code Bearer}, and any valid one is enough
 * (CONTRACT.md, section 3). They are tried one after the other; the first one's refusal is what the caller reads. A
 * caller that sends none is whom its certificate names, where the connection has one: a credential says more, so a wrong
 * one is refused even so.
 */
public final class IdentityHandler extends LateGateHandler {
    private static final HeaderName[] CREDENTIALS = {
        HeaderName.API_KEY, HeaderName.AUTHORIZATION, HeaderName.OCP_APIM_SUBSCRIPTION_KEY
    };
    private static final byte[] BEARER = {'b', 'e', 'a', 'r', 'e', 'r', ' '};

    private final Supplier<? extends Identifier> identifier;
    private final FailedAttempts failures;

    /**
     * A gate of one pipeline.
     *
     * @param identifier asked for each exchange
     * @param failures of each source; a failure above its limit is answered so
     */
    public IdentityHandler(
            Supplier<? extends Identifier> identifier, FailedAttempts failures, HeldBytes heldBytes, int waitingBytes) {
        super(heldBytes, waitingBytes);
        this.identifier = identifier;
        this.failures = failures;
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        List<byte[]> credentials = credentials(exchange.head().fields());
        if (credentials.isEmpty()) {
            exchange.principal(requireCertified(exchange.downstream().certificate()));
            pass(exchange);
            return;
        }
        new Trial(exchange, identifier.get(), credentials).next();
    }

    private static Principal requireCertified(@Nullable X509Certificate certificate) throws ProxyError {
        Principal principal = certificate == null ? null : CallerCertificate.principal(certificate);
        if (principal == null) {
            throw KeyIdentifier.invalid();
        }
        return principal;
    }

    /** One exchange's credentials, tried one after the other. */
    private final class Trial implements Identifier.Finding {
        private final Exchange exchange;
        private final Identifier identifier;
        private final List<byte[]> credentials;
        private int tried;
        private @Nullable ProxyError refusal;

        Trial(Exchange exchange, Identifier identifier, List<byte[]> credentials) {
            this.exchange = exchange;
            this.identifier = identifier;
            this.credentials = credentials;
        }

        void next() {
            identifier.identify(exchange, credentials.get(tried++), this);
        }

        @Override
        public void known(Principal principal) {
            if (principal.reach().covers(exchange.requireOperation().surface())) {
                exchange.principal(principal);
                pass(exchange);
            } else {
                unknown(Reach.denied());
            }
        }

        @Override
        public void unknown(ProxyError why) {
            if (refusal == null) {
                refusal = why;
            }
            if (tried < credentials.size()) {
                next();
            } else {
                fail(refusal);
            }
        }

        /** What was refused for another reason than being wrong is no attempt to guess. */
        private void fail(ProxyError why) {
            SocketAddress source = exchange.source();
            if (why.kind() == ProxyError.Kind.INVALID_KEY || why.kind() == ProxyError.Kind.INVALID_TOKEN) {
                failures.count(source);
                if (failures.exceeded(source)) {
                    exchange.fail(failures.refusal());
                    return;
                }
            }
            exchange.fail(why);
        }
    }

    /** What came in any of the three fields; the same credential twice is asked about once. */
    private static List<byte[]> credentials(HeaderFields fields) {
        List<byte[]> found = new ArrayList<>(2);
        for (HeaderName name : CREDENTIALS) {
            for (int i = fields.find(name); i >= 0; i = fields.find(name, i + 1)) {
                byte[] credential = withoutScheme(fields.valueBytes(i));
                if (found.stream().noneMatch(other -> Arrays.equals(other, credential))) {
                    found.add(credential);
                }
            }
        }
        return found;
    }

    private static byte[] withoutScheme(byte[] value) {
        if (value.length <= BEARER.length) {
            return value;
        }
        for (int i = 0; i < BEARER.length; i++) {
            if ((value[i] | 0x20) != BEARER[i]) {
                return value;
            }
        }
        int key = BEARER.length;
        while (key < value.length && value[key] == ' ') {
            key++; // More than one space is allowed (RFC 9110, section 11.4).
        }
        return Arrays.copyOfRange(value, key, value.length);
    }
}
