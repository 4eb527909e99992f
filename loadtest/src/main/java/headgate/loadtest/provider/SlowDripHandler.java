package headgate.loadtest.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets an answer out byte by byte; stands between TLS and the codec while it is needed.
 *
 * <p>What waits is kept here, counts towards the channel's writability, and leaves all at once when the handler goes.
 */
final class SlowDripHandler extends ChannelOutboundHandlerAdapter {
    private final int periodMs;
    private @Nullable PendingWriteQueue waiting;
    private @Nullable Future<?> timer;

    SlowDripHandler(int periodMs) {
        this.periodMs = Math.max(periodMs, 1);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        PendingWriteQueue queue = new PendingWriteQueue(ctx);
        waiting = queue;
        timer = ctx.executor().scheduleAtFixedRate(() -> drip(ctx, queue), 0, periodMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (waiting == null) {
            ctx.write(message, promise);
        } else {
            waiting.add(message, promise);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (waiting != null) {
            waiting.removeAndWriteAll();
            ctx.flush();
        }
    }

    private static void drip(ChannelHandlerContext ctx, PendingWriteQueue queue) {
        while (queue.current() instanceof ByteBuf bytes && !bytes.isReadable()) {
            queue.removeAndWrite();
        }
        if (queue.current() instanceof ByteBuf bytes) {
            if (bytes.readableBytes() > 1) {
                ctx.write(bytes.readRetainedSlice(1));
            } else {
                queue.removeAndWrite();
            }
        }
        ctx.flush();
    }
}
