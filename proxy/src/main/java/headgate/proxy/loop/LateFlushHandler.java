package headgate.proxy.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SingleThreadEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Flushes at the end of the event loop's turn, so that what one turn has for many channels is sent together.
 *
 * <p>Stands first in its pipeline. Whoever reads at the other end is woken once, and not for each of them: under load that is
 * a good part of what sending costs. A turn that reads one channel flushes as early as ever. A channel that has much to send is
 * flushed at once, so that nobody waits for room that there is already, and what was just read is sent while it is still in the
 * processor's cache.
 */
public final class LateFlushHandler extends ChannelOutboundHandlerAdapter implements Runnable {
    private static final int MUCH_BYTES = 16 * 1024;

    private @Nullable ChannelHandlerContext waiting;

    /** For one channel. */
    public LateFlushHandler() {}

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (hasMuch(ctx.channel()) || !(ctx.channel().eventLoop() instanceof SingleThreadEventLoop loop)) {
            ctx.flush();
        } else if (waiting == null) {
            waiting = ctx;
            loop.executeAfterEventLoopIteration(this);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        run();
        ctx.close(promise);
    }

    @Override
    public void run() {
        if (waiting != null) {
            ChannelHandlerContext ctx = waiting;
            waiting = null;
            ctx.flush();
        }
    }

    private static boolean hasMuch(Channel channel) {
        return channel.config().getWriteBufferHighWaterMark() - channel.bytesBeforeUnwritable() >= MUCH_BYTES;
    }
}
