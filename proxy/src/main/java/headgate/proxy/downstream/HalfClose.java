package headgate.proxy.downstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends the writing side of a connection, behind all that was written, and leaves the reading side open. */
final class HalfClose {
    private HalfClose() {}

    static void of(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            ctx.flush();
            tls.closeOutbound();
        } else if (ctx.channel() instanceof DuplexChannel socket) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> socket.shutdownOutput());
        }
    }
}
