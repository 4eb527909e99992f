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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to the target with the calls under way on it, first asked first; the last handler, behind the decoder. */
final class CallConnection extends SimpleChannelInboundHandler<HttpObject> {
    private final Lane lane;
    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private boolean leaving;

    /** How the calls end that are under way when the connection does. */
    private @Nullable Outcome cause;

    CallConnection(Lane lane) {
        this.lane = lane;
    }

    boolean hasRoom(int callsMax) {
        return context != null && !leaving && calls.size() < callsMax;
    }

    /** Sends a call; there must be room. */
    void send(Call call) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("a connection without a channel has no room");
        }
        calls.add(call);
        if (call.slow) {
            ctx.channel().config().setAutoRead(false);
            readSlowly(ctx, call);
        }
        if (call.abortNanos >= 0) {
            call.abort =
                    ctx.executor().schedule(() -> leave(call, Outcome.ABORTED), call.abortNanos, TimeUnit.NANOSECONDS);
        }
        ctx.writeAndFlush(lane.request(call, ctx.alloc()));
    }

    /** Leaves a call that is under way here, and with it the connection; does nothing for any other call. */
    boolean leave(Call call, Outcome outcome) {
        if (!calls.contains(call) || context == null) {
            return false;
        }
        cause = outcome;
        leaving = true;
        context.close();
        return true;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (lane.target().tls() == null) {
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
            cause = Outcome.WRONG;
            leaving = true;
            ctx.close();
            return;
        }
        if (message instanceof HttpResponse head) {
            call.answer.status = head.status().code();
            lane.firstByte(call);
            leaving |= !HttpUtil.isKeepAlive(head);
        }
        if (message instanceof HttpContent content) {
            int events = call.answer.read(content.content());
            if (events > 0) {
                lane.events(call, events);
            }
        }
        if (message instanceof LastHttpContent) {
            ended(ctx, call);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean connected = context != null;
        leaving = true;
        lane.closed(this, connected);
        for (Call call; (call = calls.poll()) != null; ) {
            lane.ended(call, cause != null ? cause : call.answer.status == 0 ? Outcome.RESET : Outcome.INCOMPLETE);
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
        if (call.slow) {
            ctx.channel().config().setAutoRead(true);
        }
        if (leaving) {
            ctx.close();
        } else {
            lane.hasRoom(this);
        }
        lane.answered(call);
    }

    private void readSlowly(ChannelHandlerContext ctx, Call call) {
        if (calls.contains(call) && ctx.channel().isActive()) {
            ctx.read();
            ctx.executor().schedule(() -> readSlowly(ctx, call), lane.slowEveryNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
