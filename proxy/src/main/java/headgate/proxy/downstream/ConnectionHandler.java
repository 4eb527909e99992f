package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.proxy.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One caller's connection, counted while it is open, and spoken to in the protocol that it asks for.
 *
 * <p>Stands first behind TLS. There, ALPN says which protocol; without TLS the first bytes do: HTTP/2 begins with a preface
 * that no HTTP/1.1 request begins with (RFC 9113, section 3.4). What has come of a preface is <em>kept</em> here until that
 * is known; it is released when the connection closes.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    /** What is spoken on a connection. */
    interface Protocol {
        /** Ends the connection as soon as no exchange is in progress. */
        void drain();

        /** Ends the connection now. */
        void cut();
    }

    private final LimitsConfig limits;
    private final Deadlines deadlines;
    private final Connections connections;
    private final Supplier<Protocol> http11;
    private final Supplier<Protocol> http2;
    private final boolean tls;
    private final Deadlines.Timed timer = new Deadlines.Timed() {
        @Override
        protected void expired(long nowNanos) {
            timedOut();
        }
    };

    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Protocol protocol;

    /**
     * A connection whose protocol is not known yet.
     *
     * @param http11 puts the handlers of HTTP/1.1 behind this one
     * @param http2 puts the handlers of HTTP/2 behind this one
     * @param tls whether ALPN decides
     */
    ConnectionHandler(
            LimitsConfig limits, LoopParts loop, Supplier<Protocol> http11, Supplier<Protocol> http2, boolean tls) {
        this.limits = limits;
        this.deadlines = loop.deadlines();
        this.connections = loop.connections();
        this.http11 = http11;
        this.http2 = http2;
        this.tls = tls;
    }

    /** Ends the connection as soon as no exchange is in progress. */
    void drain() {
        if (protocol != null) {
            protocol.drain();
        } else {
            requireContext().close();
        }
    }

    /** Ends the connection now. */
    void cut() {
        if (protocol != null) {
            protocol.cut();
        }
        requireContext().close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!connections.tryAdd(this)) {
            ctx.close();
            return;
        }
        deadlines.add(timer);
        timer.deadline(System.nanoTime() + limits.headerTime().toNanos());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadlines.remove(timer);
        connections.remove(this);
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (protocol != null) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf in = (ByteBuf) message;
        kept = kept.isReadable() ? joined(ctx, kept, in) : in;
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        int length = Math.min(preface.readableBytes(), kept.readableBytes());
        boolean begins = ByteBufUtil.equals(preface, 0, kept, kept.readerIndex(), length);
        if (tls || !begins) {
            speak(http11);
        } else if (length == preface.readableBytes()) {
            speak(http2);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken && protocol == null) {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            if (!shaken.isSuccess() || handler == null) {
                ctx.close();
            } else {
                speak(ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol()) ? http2 : http11);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A connection that fails before it has asked for anything is nobody's news. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (protocol == null) {
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    /** Framing is taken out of a body in place, so it must be one piece. */
    private static ByteBuf joined(ChannelHandlerContext ctx, ByteBuf first, ByteBuf second) {
        ByteBuf joined = ctx.alloc().directBuffer(first.readableBytes() + second.readableBytes());
        joined.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return joined;
    }

    private void speak(Supplier<Protocol> chosen) {
        timer.clearDeadline();
        protocol = chosen.get();
        ByteBuf first = kept;
        kept = Unpooled.EMPTY_BUFFER;
        if (first.isReadable()) {
            requireContext().fireChannelRead(first);
        }
    }

    /** Half a preface is a request that did not come in time, and HTTP/1.1 knows how to say so. */
    private void timedOut() {
        if (kept.isReadable()) {
            speak(http11);
        } else {
            requireContext().close();
        }
    }

    private ChannelHandlerContext requireContext() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
