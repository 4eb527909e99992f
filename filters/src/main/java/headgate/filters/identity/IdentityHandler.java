package headgate.filters.identity;

import headgate.filters.Exchange;
import headgate.filters.GateHandler;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that asks who calls; it needs the head only.
 *
 * <p>Stands behind the operation, since a wrong path costs nothing, and before anything of the body is read. A key may come
 * in three fields, with or without the scheme {@code Bearer}, and any valid one is enough (CONTRACT.md, section 3).
 */
public final class IdentityHandler extends GateHandler {
    private static final HeaderName[] CREDENTIALS = {
        HeaderName.API_KEY, HeaderName.AUTHORIZATION, HeaderName.OCP_APIM_SUBSCRIPTION_KEY
    };
    private static final byte[] BEARER = {'b', 'e', 'a', 'r', 'e', 'r', ' '};

    private final Supplier<ApiKeys> keys;

    /** A gate that knows these keys; the supplier is asked for each exchange. */
    public IdentityHandler(Supplier<ApiKeys> keys) {
        this.keys = keys;
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        Principal principal = find(exchange.head().fields());
        if (principal == null) {
            throw ProxyError.of(
                    ProxyError.Kind.INVALID_KEY,
                    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid"
                            + " key for an active subscription and use a correct regional API endpoint for your resource.");
        }
        exchange.principal(principal);
    }

    private @Nullable Principal find(HeaderFields fields) {
        ApiKeys known = keys.get();
        for (HeaderName name : CREDENTIALS) {
            for (int i = fields.find(name); i >= 0; i = fields.find(name, i + 1)) {
                Principal principal = known.find(withoutScheme(fields.valueBytes(i)));
                if (principal != null) {
                    return principal;
                }
            }
        }
        return null;
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
