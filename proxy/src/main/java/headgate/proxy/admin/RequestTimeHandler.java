package headgate.proxy.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose request takes too long to come, however slowly its bytes trickle; whoever opens one must ask.
 *
 * <p>Stands in front of the codec, and is told when a request has come whole.
 */
final class RequestTimeHandler extends ChannelInboundHandlerAdapter {
    private final Duration most;
    private @Nullable Future<?> end;

    RequestTimeHandler(Duration most) {
        this.most = most;
    }

    /** A request has come whole; the next one has its own time. */
    void met() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        begin(ctx);
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        met();
        ctx.fireChannelInactive();
    }

    private void begin(ChannelHandlerContext ctx) {
        if (end == null) {
            end = ctx.executor().schedule(() -> ctx.close(), most.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
