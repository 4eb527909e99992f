package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.filters.ReadControl;
import headgate.filters.ReadControl.Reason;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.BodyReader;
import headgate.filters.http.FramingException;
import headgate.filters.http.HeadFinder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint: it reads one answer after the other, and knows whether it can be used again.
 *
 * <p>Stands last in its pipeline. A connection whose framing is in doubt (surplus bytes, an answer before the request was
 * whole, an answer that ends with the connection) is closed, never pooled.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamLane {
    private enum State {
        IDLE,
        HEAD,
        BODY
    }

    private final Channel channel;
    private final EndpointPool pool;
    private final LimitsConfig limits;
    private final ReadControl reads;
    private final RequestWriter writer;
    private final HeadFinder headFinder;
    private final BodyReader body = new BodyReader();

    private State state = State.IDLE;
    private @Nullable AnswerListener listener;
    private @Nullable ByteBuf pending;
    private String method = "POST";
    private boolean requestSent;
    private boolean keepAlive;
    private boolean outOfStep;
    private boolean anyByteRead;
    private boolean used;
    private boolean pooled;
    private boolean closedByPeer;

    UpstreamConnection(Channel channel, EndpointPool pool, LimitsConfig limits) {
        this.channel = channel;
        this.pool = pool;
        this.limits = limits;
        this.reads = new ReadControl(channel);
        this.writer = new Http1Writer(channel);
        this.headFinder = new HeadFinder(limits.answerHeaderBytes(), limits.answerHeaderBytes());
    }

    /** The connection stands, and counts among those of its pool until it closes. */
    void pooled() {
        pooled = true;
    }

    @Override
    public RequestWriter begin(AnswerListener caller, String requestMethod) {
        assert channel.eventLoop().inEventLoop() && state == State.IDLE;
        listener = caller;
        method = requestMethod;
        requestSent = false;
        anyByteRead = false;
        keepAlive = true;
        state = State.HEAD;
        headFinder.reset();
        return writer;
    }

    boolean usable() {
        return channel.isActive() && state == State.IDLE;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public ReadControl reads() {
        return reads;
    }

    @Override
    public void requestSent() {
        requestSent = true;
    }

    /** The connection closes with the call. */
    @Override
    public void cancel() {
        listener = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (listener == null) {
            in.release();
            channel.close();
            return;
        }
        anyByteRead = true;
        if (pending != null) {
            in = pending.writeBytes(in);
            ((ByteBuf) message).release();
            pending = null;
        }
        try {
            read(in);
        } catch (FramingException error) {
            in.release();
            fail(ProxyError.of(
                    ProxyError.Kind.BAD_ANSWER, "The upstream's answer is not well formed: " + error.getMessage()));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.burstEnd();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.writabilityChanged(channel.isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closed) {
            closedByPeer = closed.isSuccess();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        if (listener != null) {
            boolean honest = closedByPeer || channel.pipeline().get(SslHandler.class) == null;
            if (state == State.BODY && body.endsWithConnection() && honest) {
                keepAlive = false;
                end(false);
            } else {
                fail(gone());
            }
        }
        if (pooled) {
            pool.closed(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (listener != null) {
            fail(gone());
        }
        channel.close();
    }

    /** Reads all there is of the answer; takes the buffer over unless it throws. */
    private void read(ByteBuf in) throws FramingException {
        while (state == State.HEAD && in.isReadable()) {
            int length = headFinder.find(in);
            if (length < 0) {
                pending = in.discardSomeReadBytes();
                return;
            }
            byte[] head = new byte[length];
            in.readBytes(head);
            head(AnswerHead.parse(head, limits.headerCount() * 2));
            if (listener == null) {
                in.release();
                return;
            }
        }
        if (state == State.BODY) {
            body(in);
        } else if (in.isReadable()) {
            in.release();
            channel.close();
        } else {
            in.release();
        }
    }

    private void head(AnswerHead head) throws FramingException {
        AnswerListener caller = requireListener();
        if (head.status() < 200) {
            if (head.status() == 101) {
                throw new FramingException(502, "It switches protocols, which nobody asked for.");
            }
            // No upstream is asked whether a body may come: its 100 answers no question, so who knows what it follows.
            if (head.status() == 100) {
                outOfStep = true;
            } else {
                caller.interim(head);
            }
            return;
        }
        keepAlive = head.keepAlive() && !outOfStep;
        state = State.BODY;
        if (head.isBodiless(method)) {
            body.beginNone();
        } else if (head.chunked()) {
            body.beginChunked();
        } else if (head.contentLength() >= 0) {
            body.beginLength(head.contentLength());
        } else {
            body.beginUntilClose();
        }
        caller.answerHead(head);
    }

    private void body(ByteBuf in) throws FramingException {
        body.read(in);
        boolean done = body.done();
        boolean surplus = in.isReadable();
        if (body.payloadLength() > 0) {
            in.setIndex(body.payloadStart(), body.payloadStart() + body.payloadLength());
            requireListener().answerPart(in);
        } else {
            in.release();
        }
        if (done && listener != null) {
            end(surplus);
        }
    }

    private void end(boolean surplus) {
        AnswerListener caller = requireListener();
        boolean reusable = keepAlive && requestSent && !surplus && !body.endsWithConnection() && channel.isActive();
        listener = null;
        state = State.IDLE;
        used = true;
        reads.resume(Reason.OTHER_SIDE_FULL);
        // Before the end is told, which lets the caller's next request in: it can use this connection.
        if (reusable) {
            pool.giveBack(this);
        } else {
            channel.close();
        }
        caller.answerEnd();
    }

    private void fail(ProxyError error) {
        AnswerListener caller = listener;
        listener = null;
        channel.close();
        if (caller != null) {
            caller.answerFailed(error);
        }
    }

    private ProxyError gone() {
        if (used && !anyByteRead) {
            return ProxyError.of(
                    ProxyError.Kind.REUSED_CONNECTION_CLOSED, "The upstream closed the connection before it answered.");
        }
        return ProxyError.of(
                ProxyError.Kind.BAD_ANSWER,
                anyByteRead
                        ? "The upstream closed the connection in the middle of its answer."
                        : "The upstream closed the connection before it answered.");
    }

    private AnswerListener requireListener() {
        if (listener == null) {
            throw new IllegalStateException("nobody waits for this answer");
        }
        return listener;
    }
}
