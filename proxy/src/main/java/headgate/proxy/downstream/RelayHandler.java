package headgate.proxy.downstream;

import headgate.filters.BodyEnd;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.HeldBytes;
import headgate.proxy.routing.Gateway;
import headgate.proxy.upstream.Relay;
import headgate.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands each exchange that passed all gates to a {@link Relay}, and tells it what happens on the caller's side.
 *
 * <p>Stands behind all gates.
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {
    private final Supplier<Gateway> gateway;
    private final UpstreamPool pools;
    private final HeldBytes heldBytes;

    private @Nullable Relay relay;

    RelayHandler(Supplier<Gateway> gateway, UpstreamPool pools, HeldBytes heldBytes) {
        this.gateway = gateway;
        this.pools = pools;
        this.heldBytes = heldBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Exchange exchange) {
            Gateway now = gateway.get();
            Relay opened = new Relay(
                    ctx, exchange, now.routes().of(exchange.requireDeployment()), pools, now.limits(), heldBytes);
            relay = opened;
            opened.open();
        } else if (relay == null) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof ByteBuf part) {
            relay.part(part);
        } else if (message == BodyEnd.INSTANCE) {
            relay.bodyEnd();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (relay != null) {
            relay.downstreamWritable(ctx.channel().isWritable());
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ExchangeEnd.INSTANCE && relay != null) {
            Relay ended = relay;
            relay = null;
            ended.end();
        }
        ctx.fireUserEventTriggered(event);
    }
}
