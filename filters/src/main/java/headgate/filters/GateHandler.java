package headgate.filters;

import headgate.filters.api.ProxyError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A handler that may refuse an exchange by its head alone.
 *
 * <p>It passes everything on; when it refuses, the exchange's owner answers and stops what still comes of the request, so
 * nothing of a refused exchange reaches the handlers behind.
 */
public abstract class GateHandler extends ChannelInboundHandlerAdapter {
    /** For the gates. */
    protected GateHandler() {}

    /**
     * Decides.
     *
     * @throws ProxyError if this exchange may not pass
     */
    protected abstract void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError;

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Exchange exchange) {
            try {
                judge(ctx, exchange);
            } catch (ProxyError error) {
                exchange.fail(error);
                return;
            }
        }
        ctx.fireChannelRead(message);
    }
}
