package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.proxy.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of a caller by their first nine bytes, for what the codec behind does not look after.
 *
 * <p>That is: heads on streams that cannot have one any more, frames that cost work and carry nothing, and heads that do not
 * end. Bytes are passed on as they are; from the first frame that may not come on, they are ended.
 */
final class FrameCheckHandler extends ChannelInboundHandlerAdapter {
    private static final long FLOOD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    private final Deadlines deadlines;
    private final Http2FrameCodec codec;
    private final LimitsConfig limits;
    private final byte[] start = new byte[Http2CodecUtil.FRAME_HEADER_LENGTH];
    private final Set<Integer> sending = new HashSet<>();
    private final Deadlines.Timed timer = new Deadlines.Timed() {
        @Override
        protected void expired(long nowNanos) {
            fail(Http2Error.ENHANCE_YOUR_CALM, "a head did not come in time");
        }
    };

    private @Nullable ChannelHandlerContext context;
    private int startBytes;
    private long skip = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private boolean inHead;
    private boolean waiting;
    private boolean failed;
    private int lastStream = -1;
    private int neverUsedFrom;
    private int neverUsedTo;
    private int controlFrames;
    private long controlSince = System.nanoTime();

    /** Checks what comes, in front of this codec. */
    FrameCheckHandler(LimitsConfig limits, Deadlines deadlines, Http2FrameCodec codec) {
        this.limits = limits;
        this.deadlines = deadlines;
        this.codec = codec;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadlines.add(timer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadlines.remove(timer);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        int at = in.readerIndex();
        while (!failed && at < in.writerIndex()) {
            if (skip > 0) {
                int skipped = (int) Math.min(skip, in.writerIndex() - at);
                skip -= skipped;
                at += skipped;
                continue;
            }
            start[startBytes++] = in.getByte(at++);
            if (startBytes == start.length) {
                startBytes = 0;
                check(ctx, in, at);
            }
        }
        waitForHead();
        if (failed) {
            in.release();
        } else {
            ctx.fireChannelRead(in);
        }
    }

    private void check(ChannelHandlerContext ctx, ByteBuf in, int at) {
        int length = (start[0] & 0xFF) << 16 | (start[1] & 0xFF) << 8 | (start[2] & 0xFF);
        int flags = start[4];
        int stream = (start[5] & 0x7F) << 24 | (start[6] & 0xFF) << 16 | (start[7] & 0xFF) << 8 | (start[8] & 0xFF);
        skip = length;
        boolean ends = (flags & END_STREAM) != 0;
        switch (start[3]) {
            case Http2FrameTypes.HEADERS -> {
                inHead = (flags & END_HEADERS) == 0;
                head(ctx, in, at, stream, ends);
            }
            case Http2FrameTypes.DATA -> {
                if (ends) {
                    sending.remove(stream);
                } else if (length == 0) {
                    countControl(ctx, in, at);
                }
            }
            case Http2FrameTypes.WINDOW_UPDATE -> {}
            case Http2FrameTypes.CONTINUATION -> {
                inHead &= (flags & END_HEADERS) == 0;
                countControl(ctx, in, at);
            }
            case Http2FrameTypes.RST_STREAM -> sending.remove(stream);
            default -> countControl(ctx, in, at);
        }
    }

    /** A stream has one head, and trailers while its body is open (RFC 9113, section 5.1). */
    private void head(ChannelHandlerContext ctx, ByteBuf in, int at, int stream, boolean ends) {
        if (stream > lastStream) {
            if (lastStream > 0 && stream > lastStream + 2) {
                neverUsedFrom = lastStream + 2;
                neverUsedTo = stream - 2;
            } else if (lastStream < 0) {
                neverUsedTo = stream - 2;
            }
            lastStream = stream;
            forgetClosed();
            if (!ends) {
                sending.add(stream);
            }
        } else if (!sending.contains(stream)) {
            boolean neverUsed = stream >= neverUsedFrom && stream <= neverUsedTo;
            refuse(ctx, in, at, neverUsed ? Http2Error.PROTOCOL_ERROR : Http2Error.STREAM_CLOSED, "a head too late");
        } else if (ends) {
            sending.remove(stream);
        }
    }

    /** Streams that we reset may end later or never; those are not remembered for good. */
    private void forgetClosed() {
        if (sending.size() > 2 * limits.http2().streams() + 16) {
            sending.removeIf(stream -> codec.connection().stream(stream) == null);
        }
    }

    private void countControl(ChannelHandlerContext ctx, ByteBuf in, int at) {
        if (++controlFrames > limits.http2().controlFrames()) {
            long now = System.nanoTime();
            if (now - controlSince < FLOOD_NANOS) {
                refuse(ctx, in, at, Http2Error.ENHANCE_YOUR_CALM, "too many frames that carry nothing");
            }
            controlSince = now;
            controlFrames = 1;
        }
    }

    /** What came before the frame that may not come is dealt with first. */
    private void refuse(ChannelHandlerContext ctx, ByteBuf in, int at, Http2Error error, String why) {
        int length = at - Http2CodecUtil.FRAME_HEADER_LENGTH - in.readerIndex();
        failed = true;
        if (length > 0) {
            ctx.fireChannelRead(in.retainedSlice(in.readerIndex(), length));
        }
        fail(error, why);
    }

    private void fail(Http2Error error, String why) {
        failed = true;
        if (context != null) {
            ChannelHandlerContext frames = context.pipeline().context(codec);
            codec.onError(frames, false, Http2Exception.connectionError(error, why));
            frames.flush();
        }
    }

    private void waitForHead() {
        boolean open = inHead || (startBytes == 0 && skip > 0 && start[3] == Http2FrameTypes.HEADERS);
        if (open && !waiting) {
            timer.deadline(System.nanoTime() + limits.headerTime().toNanos());
        } else if (!open) {
            timer.clearDeadline();
        }
        waiting = open;
    }
}
