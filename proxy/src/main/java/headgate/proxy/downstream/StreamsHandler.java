package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.proxy.loop.Deadlines;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of one HTTP/2 connection, so that it ends when there are none for long, or when it is told to.
 *
 * <p>Stands last in the connection's pipeline: what nobody else dealt with ends here.
 */
final class StreamsHandler extends ChannelInboundHandlerAdapter implements ConnectionHandler.Protocol {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsHandler.class);
    private static final int FLOOD_SECONDS = 30;
    private static final int EMPTY_PARTS_MAX = 16;

    private final LimitsConfig limits;
    private final Deadlines deadlines;
    private final Set<StreamFramingHandler> open = new HashSet<>();
    private final Deadlines.Timed timer = new Deadlines.Timed() {
        @Override
        protected void expired(long nowNanos) {
            idle();
        }
    };

    private @Nullable ChannelHandlerContext context;
    private boolean closing;

    StreamsHandler(LimitsConfig limits, Deadlines deadlines) {
        this.limits = limits;
        this.deadlines = deadlines;
    }

    /** The codec, with all the bounds it can keep itself. */
    static Http2FrameCodec codec(LimitsConfig limits) {
        LimitsConfig.Http2 http2 = limits.http2();
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(http2.streams())
                        .initialWindowSize(http2.windowBytes())
                        .maxHeaderListSize(limits.headerBytes()))
                .decoderEnforceMaxRstFramesPerWindow(http2.resets(), FLOOD_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(http2.resets(), FLOOD_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_PARTS_MAX)
                .gracefulShutdownTimeoutMillis(-1)
                .build();
    }

    void opened(StreamFramingHandler stream) {
        open.add(stream);
        timer.clearDeadline();
    }

    void closed(StreamFramingHandler stream) {
        if (open.remove(stream) && open.isEmpty()) {
            waitForStream();
        }
    }

    /** Says GOAWAY; the codec closes behind the last stream. */
    @Override
    public void drain() {
        requireContext().channel().close();
    }

    /** The connection itself is closed by the one in front. */
    @Override
    public void cut() {
        new ArrayList<>(open).forEach(StreamFramingHandler::cut);
    }

    /** No paused stream may keep the others from sending: the connection's window has room for the windows of all. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadlines.add(timer);
        waitForStream();
        long all = (long) limits.http2().streams() * limits.http2().windowBytes();
        int more = (int) Math.min(all, Integer.MAX_VALUE) - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        if (more > 0) {
            ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadlines.remove(timer);
        new ArrayList<>(open).forEach(StreamFramingHandler::connectionGone);
        ctx.fireChannelInactive();
    }

    /** Pings, settings and their like were dealt with by the codec. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    /** What the caller's frames did wrong was answered by the codec. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.warn("A connection ended by a defect", cause);
        }
        ctx.close();
    }

    private void waitForStream() {
        timer.deadline(System.nanoTime() + limits.keepAliveIdle().toNanos());
    }

    /** Says GOAWAY first; a caller that does not even read that is cut. */
    private void idle() {
        ChannelHandlerContext ctx = requireContext();
        if (closing) {
            ctx.pipeline().firstContext().close();
        } else {
            closing = true;
            timer.deadline(System.nanoTime() + limits.lingerTime().toNanos());
            ctx.channel().close();
        }
    }

    private ChannelHandlerContext requireContext() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
