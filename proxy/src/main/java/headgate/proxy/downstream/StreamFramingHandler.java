package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.BodyEnd;
import headgate.filters.Continue;
import headgate.filters.ReadControl;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.filters.http.RequestHead;
import headgate.proxy.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One stream of HTTP/2 as one exchange: frames become a {@link RequestHead}, parts and {@link BodyEnd}, and answers frames.
 *
 * <p>Stands first in a stream's own pipeline. How fast the caller may send follows from how fast the stream is read.
 */
final class StreamFramingHandler extends ChannelDuplexHandler implements Framing {
    private final LimitsConfig limits;
    private final Deadlines deadlines;
    private final StreamsHandler streams;
    private final ReadControl reads;
    private final StreamAnswerWriter writer = new StreamAnswerWriter();
    private final Deadlines.Timed timer = new Deadlines.Timed() {
        @Override
        protected void expired(long nowNanos) {
            timedOut();
        }
    };

    private @Nullable ChannelHandlerContext context;
    private String method = "GET";
    private boolean headRead;
    private boolean requestEnded;
    private boolean over;
    private boolean lingers;
    private long skippedBytes;

    StreamFramingHandler(LimitsConfig limits, Deadlines deadlines, StreamsHandler streams, ReadControl reads) {
        this.limits = limits;
        this.deadlines = deadlines;
        this.streams = streams;
        this.reads = reads;
    }

    @Override
    public String http() {
        return "2";
    }

    /** A short rest of the request is still read, so that what is wrong with it is found; a long one is not wanted. */
    @Override
    public void exchangeOver() {
        lingers = !requestEnded && !over;
        over = true;
        if (lingers) {
            timer.deadline(System.nanoTime() + limits.lingerTime().toNanos());
        }
    }

    @Override
    public void cut() {
        reset(Http2Error.INTERNAL_ERROR);
    }

    /** The connection ended, and with it this stream, whatever is left of it to be read. */
    void connectionGone() {
        requireContext().close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadlines.add(timer);
        streams.opened(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadlines.remove(timer);
        streams.closed(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        over = true;
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over) {
            skip(message);
        } else if (message instanceof Http2HeadersFrame headers) {
            if (headRead) {
                trailers(ctx, headers);
            } else {
                head(ctx, headers);
            }
        } else if (message instanceof Http2DataFrame data) {
            part(ctx, data);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void skip(Object message) {
        if (message instanceof Http2DataFrame data) {
            skippedBytes += data.content().readableBytes();
        }
        boolean ends = (message instanceof Http2DataFrame data && data.isEndStream())
                || (message instanceof Http2HeadersFrame head && head.isEndStream());
        ReferenceCountUtil.release(message);
        if (lingers && ends) {
            lingers = false;
            timer.clearDeadline();
        } else if (lingers && skippedBytes > FramingHandler.SKIPPED_BYTES_MAX) {
            notWanted();
        }
    }

    /** What the caller did not send whole, it need not send any more: the answer is all it gets (RFC 9113, section 8.1). */
    private void notWanted() {
        lingers = false;
        over = false;
        reset(Http2Error.NO_ERROR);
    }

    /** A reset is told at once, while what came before it may still wait to be read; then it is told by closing. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            ctx.channel().eventLoop().execute(ctx::close);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** What the frames did wrong was answered with a reset by those who read them. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.fireExceptionCaught(cause);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf part) {
            writer.part(ctx, part, promise);
        } else if (message instanceof AnswerHead head) {
            writer.head(ctx, head, method, promise);
        } else if (message == AnswerEnd.INSTANCE) {
            writer.end(ctx, promise);
        } else if (message == Continue.INSTANCE) {
            writer.goOn(ctx, promise);
        } else {
            ctx.write(message, promise);
        }
    }

    private void head(ChannelHandlerContext ctx, Http2HeadersFrame headers) {
        headRead = true;
        requestEnded = headers.isEndStream();
        RequestHead head;
        try {
            head = StreamHead.tryRead(headers.headers(), requestEnded, limits);
        } catch (FramingException error) {
            ctx.fireExceptionCaught(ProxyError.ofFraming(error.status(), error.getMessage()));
            return;
        }
        if (head == null) {
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        method = head.method();
        waitForBody();
        ctx.fireChannelRead(head);
        if (requestEnded) {
            bodyEnd(ctx);
        }
    }

    private void part(ChannelHandlerContext ctx, Http2DataFrame data) {
        requestEnded = data.isEndStream();
        waitForBody();
        ByteBuf part = data.content();
        if (part.isReadable()) {
            ctx.fireChannelRead(part);
        } else {
            part.release();
        }
        if (requestEnded) {
            bodyEnd(ctx);
        }
    }

    /** Trailers say nothing that anybody asks for; their end is the body's. */
    private void trailers(ChannelHandlerContext ctx, Http2HeadersFrame trailers) {
        if (!trailers.isEndStream() || !StreamHead.areTrailers(trailers.headers())) {
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        requestEnded = true;
        bodyEnd(ctx);
    }

    private void bodyEnd(ChannelHandlerContext ctx) {
        timer.clearDeadline();
        if (!over) {
            ctx.fireChannelRead(BodyEnd.INSTANCE);
        }
    }

    private void waitForBody() {
        timer.deadline(System.nanoTime() + limits.bodyIdle().toNanos());
    }

    private void timedOut() {
        if (lingers) {
            notWanted();
        } else if (reads.paused()) {
            waitForBody();
        } else {
            requireContext().fireExceptionCaught(ProxyError.ofFraming(408, "The request did not come in time."));
        }
    }

    private void reset(Http2Error why) {
        ChannelHandlerContext ctx = requireContext();
        if (!over && ctx.channel().isActive()) {
            over = true;
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(why));
            ctx.close();
        }
    }

    private ChannelHandlerContext requireContext() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
