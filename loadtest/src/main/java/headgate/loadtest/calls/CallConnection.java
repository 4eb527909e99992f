package headgate.loadtest.calls;

import headgate.loadtest.measure.Outcome;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/1.1 with the calls under way on it, first asked first; the last handler, behind the decoder. */
final class CallConnection extends SimpleChannelInboundHandler<HttpObject> implements CallCarrier {
    private final Lane lane;
    private final int callsMax;
    private final ReadSize readSize;
    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;

    /** It takes no more calls: those whose answer has not begun when it ends are sent anew, since nobody refused them. */
    private boolean leaving;

    /** It is ended from this side, whatever is on its way: all that is still under way on it is sent anew. */
    private boolean left;

    /** The next read of a slow reader. */
    private @Nullable Future<?> slowRead;

    /**
     * A connection that is about to be opened.
     *
     * @param callsMax how many calls may be under way at once
     * @param readSize how much is read of the socket at once
     */
    CallConnection(Lane lane, int callsMax, ReadSize readSize) {
        this.lane = lane;
        this.callsMax = callsMax;
        this.readSize = readSize;
    }

    @Override
    public boolean hasRoom() {
        return context != null && !leaving && calls.size() < callsMax;
    }

    @Override
    public void send(Call call) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("a connection without a channel has no room");
        }
        calls.add(call);
        if (call.slow && !readSize.isSlow()) {
            readSize.slow(ctx.channel(), true);
            readSlowly(ctx);
        }
        ctx.writeAndFlush(lane.prompt().whole(call, ctx.alloc()));
    }

    /** Leaves the call, and with it the connection; the other calls on it go elsewhere. */
    @Override
    public void leave(Call call, Outcome outcome) {
        leaving = true;
        left = true;
        calls.remove(call);
        if (context != null) {
            context.close();
        }
        lane.ended(call, outcome);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!lane.target().secure()) {
            ready(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            ready(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        Call call = calls.peek();
        if (call == null || message.decoderResult().isFailure()) {
            // Surplus bytes belong to nobody, and after what is not HTTP nothing is.
            leaving = true;
            left = true;
            ctx.close();
            if (call != null && calls.remove(call)) {
                lane.ended(call, Outcome.WRONG);
            }
            return;
        }
        if (message instanceof HttpResponse head) {
            lane.answers(call, head.status().code(), head.headers()::get);
            leaving |= !HttpUtil.isKeepAlive(head);
        }
        if (message instanceof HttpContent content) {
            lane.read(call, content.content());
        }
        if (message instanceof LastHttpContent) {
            ended(ctx, call);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean expected = leaving;
        leaving = true;
        lane.closed(this, context != null);
        for (Call call; (call = calls.poll()) != null; ) {
            boolean begun = call.answer.status != 0;
            if (left || (expected && !begun)) {
                lane.sendAgain(call, left);
            } else {
                lane.ended(call, begun ? Outcome.INCOMPLETE : Outcome.RESET);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
        ctx.close();
    }

    private void ready(ChannelHandlerContext ctx) {
        context = ctx;
        lane.connected(this);
    }

    private void ended(ChannelHandlerContext ctx, Call call) {
        calls.poll();
        if (call.slow && calls.stream().noneMatch(other -> other.slow)) {
            readSize.slow(ctx.channel(), false);
            if (slowRead != null) {
                slowRead.cancel(false);
            }
        }
        if (leaving) {
            ctx.close();
        } else {
            lane.hasRoom(this);
        }
        lane.answered(call);
    }

    private void readSlowly(ChannelHandlerContext ctx) {
        if (readSize.isSlow() && ctx.channel().isActive()) {
            ctx.read();
            slowRead = ctx.executor().schedule(() -> readSlowly(ctx), lane.slowEveryNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
