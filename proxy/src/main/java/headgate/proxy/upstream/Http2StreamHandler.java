package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.filters.ReadControl;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 connection: it carries one exchange, and is gone with it.
 *
 * <p>Stands last in the pipeline of its stream. A stream that is not read gives no window back, so what waits in it is bounded
 * by {@link Http2Connection#STREAM_WINDOW_BYTES}.
 */
final class Http2StreamHandler extends ChannelInboundHandlerAdapter implements UpstreamLane, RequestWriter {
    private final Channel channel;
    private final Http2Connection connection;
    private final ReadControl reads;
    private final long readsAtBegin;
    private final boolean onUsedConnection;

    private @Nullable AnswerListener listener;
    private @Nullable ByteBuf unsent;
    private String method = "POST";
    private boolean requestSent;
    private boolean answering;
    /** How much of the body is still to come; below zero where its length was not announced. */
    private long remaining = -1;

    Http2StreamHandler(Channel channel, Http2Connection connection) {
        this.channel = channel;
        this.connection = connection;
        this.reads = new ReadControl(channel);
        this.readsAtBegin = connection.reads();
        this.onUsedConnection = connection.used();
    }

    @Override
    public RequestWriter begin(AnswerListener caller, String requestMethod) {
        listener = caller;
        method = requestMethod;
        return this;
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

    /** The stream is reset; the connection goes on. */
    @Override
    public void cancel() {
        listener = null;
        channel.close();
    }

    @Override
    public void head(Exchange exchange, Endpoint endpoint, byte[] authorization, long bodyBytes) {
        ByteBuf head = channel.alloc().heapBuffer(1024);
        UpstreamHead.write(exchange, endpoint, authorization, bodyBytes, head);
        channel.write(new DefaultHttp2HeadersFrame(Http2Head.request(head, endpoint.tls() != null)))
                .addListener((ChannelFuture written) -> {
                    if (!written.isSuccess()) {
                        // The connection takes no new streams, so nothing of this one has left.
                        connection.retire();
                        fail(notProcessed());
                    }
                });
    }

    /** One part stays behind until it is known whether it is the last, which needs no frame of its own then. */
    @Override
    public void part(ByteBuf part) {
        sendPart(false);
        unsent = part;
    }

    @Override
    public void end() {
        if (unsent == null) {
            unsent = Unpooled.EMPTY_BUFFER;
        }
        sendPart(true);
    }

    @Override
    public void flush() {
        sendPart(false);
        channel.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (listener == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            if (message instanceof Http2HeadersFrame headers) {
                headers(headers);
            } else if (message instanceof Http2DataFrame data) {
                data(data);
            } else {
                ReferenceCountUtil.release(message);
            }
        } catch (FramingException error) {
            fail(malformed(error.getMessage()));
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
        if (event instanceof Http2GoAwayFrame) {
            fail(notProcessed());
        } else if (event instanceof Http2ResetFrame reset && reset.errorCode() == Http2Error.REFUSED_STREAM.code()) {
            fail(answering ? gone() : notProcessed());
        } else if (event instanceof Http2ResetFrame reset && reset.errorCode() != Http2Error.NO_ERROR.code()) {
            fail(gone());
        }
        // A reset without an error follows a whole answer that may still wait to be read.
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(malformed("HTTP/2 does not allow it."));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
        boolean untouched = onUsedConnection && !connection.alive() && connection.reads() == readsAtBegin;
        fail(untouched ? notProcessed() : gone());
        connection.ended();
    }

    private void headers(Http2HeadersFrame frame) throws FramingException {
        // Trailers are not passed on.
        if (!answering) {
            AnswerHead head = Http2Head.answer(frame.headers(), connection.headerCountMax());
            if (head.status() == 101) {
                throw new FramingException(502, "It switches protocols, which nobody asked for.");
            }
            if (head.status() < 200) {
                if (head.status() != 100 && listener != null) {
                    listener.interim(head);
                }
                return;
            }
            answering = true;
            remaining = head.isBodiless(method) ? 0 : head.contentLength();
            if (listener != null) {
                listener.answerHead(head);
            }
        }
        if (frame.isEndStream()) {
            end(listener);
        }
    }

    private void data(Http2DataFrame frame) throws FramingException {
        ByteBuf part = frame.content();
        int bytes = part.readableBytes();
        if (remaining >= 0 && bytes > remaining) {
            part.release();
            throw new FramingException(502, "Its body is longer than its content-length.");
        }
        if (remaining > 0) {
            remaining -= bytes;
        }
        boolean last = frame.isEndStream();
        if (bytes > 0 && listener != null) {
            listener.answerPart(part);
        } else {
            part.release();
        }
        if (last) {
            end(listener);
        }
    }

    private void end(@Nullable AnswerListener caller) throws FramingException {
        if (remaining > 0) {
            throw new FramingException(502, "Its body is shorter than its content-length.");
        }
        listener = null;
        connection.answered();
        // The upstream need not wait for the rest of a request that it has answered.
        if (!requestSent) {
            channel.write(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR), channel.voidPromise());
        }
        if (caller != null) {
            caller.answerEnd();
        }
    }

    private void sendPart(boolean last) {
        if (unsent != null) {
            ByteBuf part = unsent;
            unsent = null;
            channel.write(new DefaultHttp2DataFrame(part, last), channel.voidPromise());
        }
    }

    private void fail(ProxyError error) {
        AnswerListener caller = listener;
        listener = null;
        channel.close();
        if (caller != null) {
            caller.answerFailed(error);
        }
    }

    private static ProxyError notProcessed() {
        return ProxyError.of(Kind.REUSED_CONNECTION_CLOSED, "The upstream refused the request before it looked at it.");
    }

    private static ProxyError malformed(String what) {
        return ProxyError.of(Kind.BAD_ANSWER, "The upstream's answer is not well formed: " + what);
    }

    private ProxyError gone() {
        return ProxyError.of(
                Kind.BAD_ANSWER,
                answering
                        ? "The upstream broke off in the middle of its answer."
                        : "The upstream broke off before it answered.");
    }
}
