package headgate.loadtest.provider;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets one request of a connection in at a time: pipelined ones wait until the answer before them is written.
 *
 * <p>Reading goes on meanwhile, so that a caller who leaves is noticed. Messages that wait are kept here, and released
 * when the connection ends; a caller with more than {@link #WAITING_MAX} of them is cut off.
 */
final class TurnHandler extends ChannelDuplexHandler {
    static final int WAITING_MAX = 1024;

    private final Queue<Object> waiting = new ArrayDeque<>();
    private boolean answering;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!answering && waiting.isEmpty()) {
            admit(ctx, message);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(message);
        } else {
            ReferenceCountUtil.release(message);
            ctx.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise);
        if (message instanceof LastHttpContent) {
            answering = false;
            if (!waiting.isEmpty()) {
                // Not from within the write: a thousand waiting requests would nest as deep.
                ctx.executor().execute(() -> admitWaiting(ctx));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    private void admitWaiting(ChannelHandlerContext ctx) {
        while (!answering && !waiting.isEmpty()) {
            admit(ctx, waiting.remove());
        }
    }

    private void admit(ChannelHandlerContext ctx, Object message) {
        answering = message instanceof LastHttpContent;
        ctx.fireChannelRead(message);
    }
}
