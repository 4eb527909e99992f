package headgate.loadtest.provider;

import headgate.loadtest.provider.Counters.Count;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts the bytes of a connection; stands between TLS and the codec, and passes everything on. */
final class ByteCountHandler extends ChannelDuplexHandler {
    private final Counters counters;

    ByteCountHandler(Counters counters) {
        this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            counters.add(Count.BYTES_IN, bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            counters.add(Count.BYTES_OUT, bytes.readableBytes());
        }
        ctx.write(message, promise);
    }
}
