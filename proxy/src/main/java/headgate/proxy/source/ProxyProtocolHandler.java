package headgate.proxy.source;

import headgate.conf.LimitsConfig;
import headgate.filters.Downstream;
import headgate.filters.http.FramingException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the PROXY header off a connection from a trusted network; without one, the connection ends.
 *
 * <p>Stands before everything, TLS too, and leaves the pipeline when it is done. What it has read beyond the header is
 * <em>passed on</em> then. The header is bounded as a request's head is, in bytes and in time.
 */
public final class ProxyProtocolHandler extends ByteToMessageDecoder {
    private final LimitsConfig limits;
    private final Downstream downstream;
    private @Nullable Future<?> deadline;

    /** A handler of one connection, which tells it where it is from. */
    public ProxyProtocolHandler(LimitsConfig limits, Downstream downstream) {
        this.limits = limits;
        this.downstream = downstream;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline =
                ctx.executor().schedule(() -> ctx.close(), limits.headerTime().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            int length = ProxyHeader.length(in, limits.headerBytes());
            if (length >= 0) {
                InetSocketAddress source = ProxyHeader.source(in.readSlice(length));
                if (source != null) {
                    downstream.source(source);
                }
                ctx.pipeline().remove(this);
            }
        } catch (FramingException e) {
            in.skipBytes(in.readableBytes());
            ctx.close();
        }
    }
}
