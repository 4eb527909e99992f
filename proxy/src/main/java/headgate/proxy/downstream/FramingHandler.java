package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.BodyEnd;
import headgate.filters.Continue;
import headgate.filters.ReadControl;
import headgate.filters.ReadControl.Reason;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.filters.http.RequestHead;
import headgate.proxy.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Unambiguous HTTP/1.1, or the connection ends.
 *
 * <p>Stands first behind the connection. It turns bytes into a {@link RequestHead}, parts and {@link BodyEnd}, and answers back into
 * bytes. One request is let in at a time: what a caller sends ahead is <em>kept</em> here, up to a bound, until the exchange
 * in progress is over; it is released when the connection closes. Time limits on what the caller sends are kept here too.
 */
final class FramingHandler extends ChannelDuplexHandler implements Framing, ConnectionHandler.Protocol {
    /** The rest of a refused request that is worth reading to keep the connection. */
    static final long SKIPPED_BYTES_MAX = 64 * 1024;

    private enum State {
        HEAD,
        BODY,
        /** The answer said that the connection closes; what still comes is thrown away until the caller has read it. */
        LINGER,
        CLOSED
    }

    private final LimitsConfig limits;
    private final Deadlines deadlines;
    private final Connections connections;
    private final ReadControl reads;
    private final RequestReader reader;
    private final AnswerWriter writer = new AnswerWriter();
    private final Deadlines.Timed timer = new Deadlines.Timed() {
        @Override
        protected void expired(long nowNanos) {
            timedOut();
        }
    };

    private State state = State.HEAD;
    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestHead request;
    private boolean reading;
    private boolean busy;
    private boolean headBegun;
    private boolean continued;
    private boolean closeAfter;

    FramingHandler(LimitsConfig limits, Deadlines deadlines, Connections connections, ReadControl reads) {
        this.limits = limits;
        this.deadlines = deadlines;
        this.connections = connections;
        this.reads = reads;
        this.reader = new RequestReader(limits);
    }

    @Override
    public String http() {
        return request == null || request.http11() ? "1.1" : "1.0";
    }

    /** The next request may come in, or the connection ends. */
    @Override
    public void exchangeOver() {
        busy = false;
        request = null;
        if (state == State.CLOSED) {
            return;
        }
        if (closeAfter || connections.draining()) {
            linger();
        } else if (!reading) {
            proceed();
        }
    }

    @Override
    public void drain() {
        if (!busy && reader.keptBytes() == 0 && state == State.HEAD) {
            requireContext().close();
        }
    }

    @Override
    public void cut() {
        state = State.CLOSED;
        ChannelHandlerContext ctx = requireContext();
        if (writer.untilClose() && ctx.channel().config() instanceof SocketChannelConfig socket) {
            // Only a reset tells this caller that the answer is not whole.
            socket.setSoLinger(0);
        }
        ctx.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadlines.add(timer);
        timer.deadline(System.nanoTime() + limits.headerTime().toNanos());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        deadlines.remove(timer);
        reader.clear();
        writer.release();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (state == State.LINGER || state == State.CLOSED) {
            in.release();
            return;
        }
        reader.add(ctx.alloc(), in);
        proceed();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        RequestHead current = request;
        if (message instanceof ByteBuf part) {
            writer.part(ctx, part, promise);
        } else if (message instanceof AnswerHead head) {
            boolean http11 = current == null || current.http11();
            if (head.status() < 200 && !http11) {
                promise.trySuccess();
                return;
            }
            if (head.status() >= 200) {
                closeAfter |= current == null || !current.keepAlive() || !canSkipBody() || connections.draining();
            }
            writer.head(ctx, head, current == null ? "GET" : current.method(), http11, closeAfter, promise);
        } else if (message == AnswerEnd.INSTANCE) {
            closeAfter |= writer.untilClose() || !canSkipBody();
            writer.end(ctx, promise);
        } else if (message == Continue.INSTANCE) {
            continued = true;
            writer.goOn(ctx, promise);
        } else {
            ctx.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writer.passOn(ctx);
        ctx.flush();
    }

    /** Reads as much as may be read now; everything called from here may end the exchange or the connection. */
    private void proceed() {
        ChannelHandlerContext ctx = requireContext();
        reading = true;
        try {
            while (reader.keptBytes() > 0) {
                if (state == State.HEAD ? busy || !readHead(ctx) : !readBody(ctx)) {
                    break;
                }
            }
        } catch (FramingException error) {
            refuse(ctx, error);
        }
        reading = false;
        if (busy && reader.keptBytes() > limits.pipelinedBytes()) {
            reads.pause(Reason.PIPELINE_FULL);
        } else {
            reads.resume(Reason.PIPELINE_FULL);
        }
        if (state == State.HEAD) {
            waitForHead();
        }
    }

    private boolean readHead(ChannelHandlerContext ctx) throws FramingException {
        RequestHead head = reader.tryHead();
        if (head == null) {
            return false;
        }
        request = head;
        headBegun = false;
        busy = true;
        continued = false;
        closeAfter = false;
        state = State.BODY;
        timer.deadline(System.nanoTime() + limits.bodyIdle().toNanos());
        ctx.fireChannelRead(head);
        return reader.bodyDone() ? bodyEnd(ctx) : state == State.BODY;
    }

    private boolean readBody(ChannelHandlerContext ctx) throws FramingException {
        timer.deadline(System.nanoTime() + limits.bodyIdle().toNanos());
        ByteBuf part = reader.tryPart();
        boolean done = reader.bodyDone();
        if (part != null && busy) {
            ctx.fireChannelRead(part);
        } else if (part != null) {
            part.release();
        }
        return done ? bodyEnd(ctx) : state == State.BODY;
    }

    private boolean bodyEnd(ChannelHandlerContext ctx) {
        if (state != State.BODY) {
            return false;
        }
        state = State.HEAD;
        timer.clearDeadline();
        if (busy) {
            ctx.fireChannelRead(BodyEnd.INSTANCE);
        }
        return state == State.HEAD;
    }

    /** Whether what is left of the request's body can be read and thrown away, so that the connection stays in step. */
    private boolean canSkipBody() {
        if (state == State.HEAD || reader.bodyDone()) {
            return true;
        }
        boolean willNotCome = request != null && request.expectsContinue() && !continued;
        return !willNotCome && reader.bodyRestAtMost(SKIPPED_BYTES_MAX);
    }

    private void refuse(ChannelHandlerContext ctx, FramingException error) {
        reader.clear();
        closeAfter = true;
        if (state == State.BODY && !busy) {
            linger();
        } else {
            state = State.LINGER;
            ctx.fireExceptionCaught(ProxyError.ofFraming(error.status(), error.getMessage()));
        }
    }

    private void waitForHead() {
        if (busy) {
            return;
        }
        if (reader.keptBytes() == 0) {
            headBegun = false;
            timer.deadline(System.nanoTime() + limits.keepAliveIdle().toNanos());
        } else if (!headBegun) {
            headBegun = true;
            timer.deadline(System.nanoTime() + limits.headerTime().toNanos());
        }
    }

    private void timedOut() {
        ChannelHandlerContext ctx = requireContext();
        if (state == State.BODY && reads.paused()) {
            timer.deadline(System.nanoTime() + limits.bodyIdle().toNanos());
        } else if (state == State.BODY ? busy : state == State.HEAD && reader.keptBytes() > 0) {
            refuse(ctx, new FramingException(408, "The request did not come in time."));
        } else {
            ctx.close();
        }
    }

    /** Closes so that the caller can still read the answer: first the writing side, then, after a while, the reading one. */
    private void linger() {
        ChannelHandlerContext ctx = requireContext();
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.HEAD && reader.keptBytes() == 0) {
            state = State.CLOSED;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        state = State.LINGER;
        reads.resume(Reason.PIPELINE_FULL);
        timer.deadline(System.nanoTime() + limits.lingerTime().toNanos());
        HalfClose.of(ctx);
    }

    private ChannelHandlerContext requireContext() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
