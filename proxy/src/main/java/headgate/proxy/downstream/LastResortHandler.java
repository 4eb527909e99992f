package headgate.proxy.downstream;

import headgate.filters.api.ProxyError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last in the pipeline: what nobody else dealt with becomes an error of the exchange, or ends the connection.
 *
 * <p>A defect shows here, and only here, with its stack.
 */
final class LastResortHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LastResortHandler.class);

    private final ExchangeHandler exchanges;

    LastResortHandler(ExchangeHandler exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean peer = cause instanceof IOException || cause.getCause() instanceof SSLException;
        if (!peer) {
            LOG.warn("An exchange ended by a defect", cause);
        }
        if (peer || !exchanges.failCurrent(ProxyError.of(ProxyError.Kind.INTERNAL, "The gateway failed."))) {
            ctx.close();
        }
    }
}
