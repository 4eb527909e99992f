package headgate.proxy.source;

import headgate.conf.SourceConfig;
import headgate.conf.SourceConfig.Forwarded;
import headgate.filters.Exchange;
import headgate.filters.GateHandler;
import headgate.filters.api.ProxyError;
import headgate.filters.http.FramingException;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gate that finds out whose request a trusted proxy passes on.
 *
 * <p>Stands behind the exchange's beginning, before anybody asks where it is from. Each proxy adds the address it was called
 * from at the end, so one goes backwards from the connection as long as the one who speaks is trusted; what stands further
 * ahead, the caller may have written itself, and it is not looked at. A node that is hidden ends the way: the proxy that hid
 * it is where the exchange is from. A field that a trusted proxy passes on and nobody can read is refused, since the caller
 * must have had a hand in it, and might be hiding.
 */
public final class SourceHandler extends GateHandler {
    private final SourceConfig config;

    /** A gate of one pipeline. */
    public SourceHandler(SourceConfig config) {
        this.config = config;
    }

    /** Whether what this address says of others is believed. */
    public static boolean trusts(SourceConfig config, SocketAddress address) {
        return address instanceof InetSocketAddress internet && config.trusts(internet.getAddress());
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        try {
            SocketAddress source = exchange.downstream().source();
            if (trusts(config, source)) {
                exchange.source(firstUntrusted(exchange.head().fields(), source));
            }
        } catch (FramingException e) {
            throw ProxyError.ofFraming(e.status(), String.valueOf(e.getMessage()));
        }
    }

    private SocketAddress firstUntrusted(HeaderFields fields, SocketAddress nearest) throws FramingException {
        SocketAddress source = nearest;
        List<String> nodes = nodes(fields);
        for (int i = nodes.size() - 1; i >= 0 && trusts(config, source); i--) {
            @Nullable InetSocketAddress node = ForwardedNodes.address(nodes.get(i));
            if (node == null) {
                return source;
            }
            source = node;
        }
        return source;
    }

    /** Several fields are one list (RFC 9110, section 5.2). */
    private List<String> nodes(HeaderFields fields) throws FramingException {
        boolean standard = config.forwarded() == Forwarded.FORWARDED;
        HeaderName name = standard ? HeaderName.FORWARDED : HeaderName.X_FORWARDED_FOR;
        List<String> nodes = new ArrayList<>();
        for (int i = fields.find(name); i >= 0; i = fields.find(name, i + 1)) {
            String value = fields.valueText(i);
            nodes.addAll(standard ? ForwardedNodes.ofForwarded(value) : ForwardedNodes.ofXForwardedFor(value));
        }
        return nodes;
    }
}
