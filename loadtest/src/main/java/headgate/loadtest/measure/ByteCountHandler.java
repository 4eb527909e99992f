package headgate.loadtest.measure;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.LongConsumer;

/** Counts the bytes of a connection; stands between TLS and the codec, and passes everything on. */
public final class ByteCountHandler extends ChannelDuplexHandler {
    private final LongConsumer in;
    private final LongConsumer out;

    /** Tells both of each piece that passes, on the connection's loop. */
    public ByteCountHandler(LongConsumer in, LongConsumer out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            in.accept(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            out.accept(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }
}
