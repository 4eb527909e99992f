package headgate.proxy.explain;

import headgate.filters.BodyEnd;
import headgate.filters.Exchange;
import headgate.filters.api.ProxyError;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.Gateway;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks where an exchange would go, in the place where callers' exchanges are relayed; every message is <em>ended</em> here.
 *
 * <p>Stands behind all gates.
 */
final class ChoiceHandler extends ChannelInboundHandlerAdapter {
    private final Supplier<Gateway> gateway;
    private final Consumer<Endpoint> taken;

    private @Nullable Exchange exchange;

    ChoiceHandler(Supplier<Gateway> gateway, Consumer<Endpoint> taken) {
        this.gateway = gateway;
        this.taken = taken;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Exchange opened) {
            exchange = opened;
        } else if (message == BodyEnd.INSTANCE && exchange != null) {
            choose(exchange);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void choose(Exchange passed) {
        try {
            Endpoint next =
                    gateway.get().routes().of(passed.requireDeployment()).next(Set.of(), System.nanoTime());
            if (next == null) {
                throw new IllegalStateException("a route has at least one endpoint");
            }
            taken.accept(next);
        } catch (ProxyError error) {
            passed.fail(error);
        }
    }
}
