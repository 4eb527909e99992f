package headgate.loadtest.calls;

import headgate.loadtest.measure.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/2 with a stream for each call under way on it; the last handler, behind the frame codec. */
final class StreamsConnection extends Http2ChannelDuplexHandler implements CallCarrier {
    private static final int STREAM_WINDOW_BYTES = 1 << 20;

    /** Little may be on its way in a stream where some readers are slow, so that they really hold up the target. */
    private static final int SLOW_STREAM_WINDOW_BYTES = 4 * ReadSize.SLOW_BYTES;

    /** Far more than what slow streams hold together, so that nobody waits for them. */
    private static final int CONNECTION_WINDOW_BYTES = 1 << 30;

    private static final int HEAD_BYTES_MAX = 65_536;

    private final Lane lane;
    private final int callsMax;
    private final Map<Http2FrameStream, Call> calls = new HashMap<>();
    private @Nullable ChannelHandlerContext context;
    private long streamsMax;
    private boolean leaving;

    private StreamsConnection(Lane lane, int callsMax) {
        this.lane = lane;
        this.callsMax = callsMax;
    }

    /**
     * Adds a codec and a connection to a channel that is about to be opened.
     *
     * @param callsMax how many calls may be under way at once, if the target allows for as many
     * @param slow whether some of its calls are read slowly
     */
    static StreamsConnection add(ChannelPipeline pipeline, Lane lane, int callsMax, boolean slow) {
        StreamsConnection connection = new StreamsConnection(lane, callsMax);
        pipeline.addLast(Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(slow ? SLOW_STREAM_WINDOW_BYTES : STREAM_WINDOW_BYTES)
                        .maxHeaderListSize(HEAD_BYTES_MAX))
                .gracefulShutdownTimeoutMillis(0)
                .build());
        pipeline.addLast(connection);
        return connection;
    }

    @Override
    public boolean hasRoom() {
        return context != null && !leaving && calls.size() < streamsMax;
    }

    @Override
    public void send(Call call) {
        ChannelHandlerContext ctx = context();
        Http2FrameStream stream = newStream();
        ByteBuf body = lane.prompt().body(call, ctx.alloc());
        calls.put(stream, call);
        ctx.write(new DefaultHttp2HeadersFrame(lane.prompt().head(body.readableBytes())).stream(stream));
        ctx.writeAndFlush(new DefaultHttp2DataFrame(body, true).stream(stream)).addListener(written -> {
            // A stream that could not begin, on a connection that lives, went past a GOAWAY.
            if (!written.isSuccess() && ctx.channel().isActive() && calls.remove(stream, call)) {
                retire(ctx);
                lane.sendAgain(call, false);
            }
        });
        if (call.slow) {
            giveBackSlowly(ctx, stream, call);
        }
    }

    @Override
    public void leave(Call call, Outcome outcome) {
        ChannelHandlerContext ctx = context();
        for (Map.Entry<Http2FrameStream, Call> each : calls.entrySet()) {
            if (each.getValue() == call) {
                calls.remove(each.getKey());
                ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(each.getKey()));
                break;
            }
        }
        lane.ended(call, outcome);
        madeRoom(ctx);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        int more = CONNECTION_WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof Http2SettingsFrame frame) {
                settings(ctx, frame.settings());
            } else if (message instanceof Http2GoAwayFrame frame) {
                goneAway(ctx, frame.lastStreamId());
            } else if (message instanceof Http2StreamFrame frame) {
                Http2FrameStream stream = Objects.requireNonNull(frame.stream());
                Call call = calls.get(stream);
                if (call != null) {
                    read(ctx, stream, call, frame);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leaving = true;
        lane.closed(this, context != null);
        List<Call> open = List.copyOf(calls.values());
        calls.clear();
        open.forEach(this::cutOff);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException broken) {
            Call call = calls.remove(broken.stream());
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(broken.error()).stream(broken.stream()));
            if (call != null) {
                lane.ended(call, Outcome.WRONG);
                madeRoom(ctx);
            }
        } else {
            ctx.close();
        }
    }

    private void settings(ChannelHandlerContext ctx, Http2Settings settings) {
        Long peerMax = settings.maxConcurrentStreams();
        if (peerMax != null || context == null) {
            streamsMax = Math.min(callsMax, peerMax == null ? Integer.MAX_VALUE : peerMax);
        }
        if (context == null) {
            context = ctx;
            lane.connected(this);
        } else {
            madeRoom(ctx);
        }
    }

    private void read(ChannelHandlerContext ctx, Http2FrameStream stream, Call call, Http2StreamFrame frame) {
        boolean last = false;
        if (frame instanceof Http2HeadersFrame head) {
            last = head.isEndStream();
            CharSequence status = head.headers().status();
            if (status != null && status.charAt(0) != '1') {
                lane.answers(call, Integer.parseInt(status.toString()), head.headers()::get);
            }
        } else if (frame instanceof Http2DataFrame data) {
            last = data.isEndStream();
            lane.read(call, data.content());
            if (call.slow) {
                call.withheldBytes += data.initialFlowControlledBytes();
            } else {
                giveBack(ctx, stream, data.initialFlowControlledBytes());
            }
        } else if (frame instanceof Http2ResetFrame reset) {
            calls.remove(stream);
            if (reset.errorCode() == Http2Error.REFUSED_STREAM.code()) {
                lane.sendAgain(call, false);
            } else {
                cutOff(call);
            }
            madeRoom(ctx);
        }
        if (last) {
            calls.remove(stream);
            madeRoom(ctx);
            lane.answered(call);
        }
    }

    /** What was asked after the last stream that the target took goes elsewhere; the others are answered here. */
    private void goneAway(ChannelHandlerContext ctx, int lastStreamId) {
        List<Http2FrameStream> beyond =
                calls.keySet().stream().filter(each -> each.id() > lastStreamId).toList();
        for (Http2FrameStream each : beyond) {
            lane.sendAgain(Objects.requireNonNull(calls.remove(each)), false);
        }
        retire(ctx);
    }

    /** Takes no more calls, and leaves its place to another connection. */
    private void retire(ChannelHandlerContext ctx) {
        leaving = true;
        lane.retired(this);
        if (calls.isEmpty()) {
            ctx.close();
        }
    }

    private void madeRoom(ChannelHandlerContext ctx) {
        if (leaving) {
            retire(ctx);
        } else {
            lane.hasRoom(this);
        }
    }

    private void cutOff(Call call) {
        lane.ended(call, call.answer.status == 0 ? Outcome.RESET : Outcome.INCOMPLETE);
    }

    private void giveBackSlowly(ChannelHandlerContext ctx, Http2FrameStream stream, Call call) {
        if (calls.get(stream) == call) {
            int bytes = Math.min(call.withheldBytes, ReadSize.SLOW_BYTES);
            call.withheldBytes -= bytes;
            giveBack(ctx, stream, bytes);
            ctx.flush();
            ctx.executor()
                    .schedule(() -> giveBackSlowly(ctx, stream, call), lane.slowEveryNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static void giveBack(ChannelHandlerContext ctx, Http2FrameStream stream, int bytes) {
        if (bytes > 0) {
            ctx.write(new DefaultHttp2WindowUpdateFrame(bytes).stream(stream));
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("a connection without the target's settings has no room");
        }
        return context;
    }
}
