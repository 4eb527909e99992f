package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.filters.api.ProxyError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an endpoint: it opens streams as long as both sides allow, and knows whether it lives.
 *
 * <p>Stands between the frame codec and what makes channels of streams, so that it sees a GOAWAY before the streams do.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    /** What may wait in one stream that is not read, in bytes. */
    static final int STREAM_WINDOW_BYTES = 128 * 1024;

    /** What every connection begins with (RFC 9113, section 6.9.2). */
    private static final int CONNECTION_WINDOW_BYTES = 65_535;

    private final Channel channel;
    private final EndpointPool pool;
    private final LimitsConfig limits;

    private UpstreamConnector.@Nullable Result waiting;
    private int streams;
    private int streamsMax;
    private boolean retired;
    private boolean used;
    private long idleSinceNanos = System.nanoTime();
    private long reads;
    private long readsSeen;
    private long quietSinceNanos = System.nanoTime();
    private boolean pinged;

    private Http2Connection(Channel channel, EndpointPool pool, LimitsConfig limits, UpstreamConnector.Result waiting) {
        this.channel = channel;
        this.pool = pool;
        this.limits = limits;
        this.waiting = waiting;
    }

    /**
     * Speaks HTTP/2 on a channel that has just been connected.
     *
     * @param withinMs how long the upstream has to say its settings, which must come first
     * @param result told once they have come
     */
    static void begin(
            Channel channel, EndpointPool pool, LimitsConfig limits, long withinMs, UpstreamConnector.Result result) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(STREAM_WINDOW_BYTES)
                        .maxHeaderListSize(limits.answerHeaderBytes()))
                .gracefulShutdownTimeoutMillis(0)
                .build();
        Http2Connection connection = new Http2Connection(channel, pool, limits, result);
        channel.pipeline().addLast(codec, connection, new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
        // Streams that are not read, all but one of them, hold less than half of it: the codec gives back what was read
        // when that is a half, so the one that is read never waits for the others.
        int window = 2 * STREAM_WINDOW_BYTES * limits.upstreamStreams();
        channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(window - CONNECTION_WINDOW_BYTES));
        channel.eventLoop().schedule(connection::giveUpWaiting, withinMs, TimeUnit.MILLISECONDS);
    }

    /** Opens a stream; null when there is no room for one. */
    @Nullable
    Http2StreamHandler tryOpen() {
        if (retired || streams >= streamsMax || !channel.isActive()) {
            return null;
        }
        Future<Http2StreamChannel> opened = new Http2StreamChannelBootstrap(channel).open();
        if (!opened.isSuccess()) {
            retire();
            return null;
        }
        streams++;
        Http2StreamHandler stream = new Http2StreamHandler(opened.getNow(), this);
        opened.getNow().pipeline().addLast(stream);
        return stream;
    }

    /** How many streams it takes at once. */
    int streamsMax() {
        return streamsMax;
    }

    /** It takes no more streams, and closes with the last one. */
    void retire() {
        retired = true;
        if (streams == 0) {
            channel.close();
        }
    }

    /** A stream is gone. */
    void ended() {
        streams--;
        if (streams > 0) {
            pool.roomIn(this);
        } else if (retired) {
            channel.close();
        } else {
            idleSinceNanos = System.nanoTime();
            pool.roomIn(this);
        }
    }

    /** A stream was answered whole. */
    void answered() {
        used = true;
    }

    /** Whether it has served an exchange before. */
    boolean used() {
        return used;
    }

    boolean alive() {
        return channel.isActive();
    }

    /** How often something came from the upstream. */
    long reads() {
        return reads;
    }

    int headerCountMax() {
        return limits.headerCount() * 2;
    }

    /** Closes the connection when it was idle for long; asks an upstream that is silent whether it is there. */
    void sweep(long nowNanos, long idleBeforeNanos) {
        if (reads != readsSeen) {
            readsSeen = reads;
            quietSinceNanos = nowNanos;
            pinged = false;
        }
        boolean quiet = nowNanos - quietSinceNanos > limits.upstreamPing().toNanos();
        if ((streams == 0 && idleSinceNanos - idleBeforeNanos <= 0) || (quiet && pinged)) {
            channel.close();
        } else if (quiet) {
            pinged = true;
            quietSinceNanos = nowNanos;
            channel.writeAndFlush(new DefaultHttp2PingFrame(nowNanos));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2SettingsFrame frame) {
            settings(frame.settings());
            return;
        }
        if (message instanceof Http2GoAwayFrame) {
            retire();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reads++;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        retired = true;
        if (waiting != null) {
            notConnected();
        } else {
            pool.closed(this);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException) {
            ctx.fireExceptionCaught(cause);
        } else {
            channel.close();
        }
    }

    private void settings(Http2Settings settings) {
        Long peerMax = settings.maxConcurrentStreams();
        if (peerMax != null) {
            streamsMax = (int) Math.min(limits.upstreamStreams(), peerMax);
        } else if (waiting != null) {
            streamsMax = limits.upstreamStreams();
        }
        if (waiting == null) {
            pool.roomIn(this);
        } else if (streamsMax > 0) {
            UpstreamConnector.Result result = waiting;
            waiting = null;
            result.connected(this);
        } else {
            notConnected();
        }
    }

    private void giveUpWaiting() {
        if (waiting != null) {
            notConnected();
        }
    }

    private void notConnected() {
        UpstreamConnector.Result result = waiting;
        waiting = null;
        retired = true;
        channel.close();
        if (result != null) {
            result.notConnected(ProxyError.of(
                    ProxyError.Kind.CONNECT_FAILED, "The upstream was connected, but did not begin to speak HTTP/2."));
        }
    }
}
