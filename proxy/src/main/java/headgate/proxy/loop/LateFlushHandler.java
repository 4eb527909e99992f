package headgate.proxy.loop;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SingleThreadEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Flushes at the end of the event loop's turn, so that what one turn has for many channels is sent together.
 *
 * <p>Stands first in its pipeline. Whoever reads at the other end is woken once, and not for each of them: under load that is
 * a good part of what sending costs. A turn that reads one channel flushes as early as ever. A channel that takes no more is
 * flushed at once, so that no one waits for room that there is already.
 */
public final class LateFlushHandler extends ChannelOutboundHandlerAdapter implements Runnable {
    private @Nullable ChannelHandlerContext waiting;

    /** For one channel. */
    public LateFlushHandler() {}

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable() || !(ctx.channel().eventLoop() instanceof SingleThreadEventLoop loop)) {
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
}
