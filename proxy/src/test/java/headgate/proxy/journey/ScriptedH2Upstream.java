package headgate.proxy.journey;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An upstream that speaks HTTP/2 and answers what the test says, frame by frame; the script runs on its event loop. */
final class ScriptedH2Upstream implements AutoCloseable {
    /** What the upstream does with one request. */
    interface Script {
        void answer(H2Call call);
    }

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<H2Call> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
    private final List<Channel> connections = new CopyOnWriteArrayList<>();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final Script script;
    private final Http2Settings settings;
    private final @Nullable SslContext tls;
    private final Channel listener;

    /** Whether the windows of requests are given back as they come. */
    volatile boolean givesWindows = true;

    /** Whether it answers a PING. */
    volatile boolean answersPings = true;

    /** Whether it answers as soon as something of the body has come. */
    volatile boolean answersEarly;

    /** Starts one without TLS. */
    ScriptedH2Upstream(Script script) {
        this(script, Http2Settings.defaultSettings(), null);
    }

    /** Starts one with settings of its own, and with TLS where that is given. */
    ScriptedH2Upstream(Script script, Http2Settings settings, @Nullable SslContext tls) {
        this.script = script;
        this.settings = settings;
        this.tls = tls;
        this.listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** The next request that came, whole; fails when none comes in half a minute. */
    H2Call next() throws InterruptedException {
        H2Call call = calls.poll(30, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no request came to the upstream");
        }
        return call;
    }

    /** The error of the next stream that the gateway reset; fails when none comes in half a minute. */
    long nextReset() throws InterruptedException {
        Long error = resets.poll(30, TimeUnit.SECONDS);
        if (error == null) {
            throw new AssertionError("no stream was reset");
        }
        return error;
    }

    /** How many requests came and were not taken by {@link #next()}. */
    int waiting() {
        return calls.size();
    }

    /** How many bytes of requests' bodies have come. */
    long bodyBytes() {
        return bodyBytes.get();
    }

    /** How many connections were ever accepted. */
    int connections() {
        return connections.size();
    }

    /** How many connections are open. */
    long open() {
        return connections.stream().filter(Channel::isActive).count();
    }

    /** Gives windows from now on, and first those that were kept back. */
    void giveWindows() {
        givesWindows = true;
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(this));
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        connections.forEach(channel -> channel.close().syncUninterruptibly());
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        ReferenceCountUtil.release(tls);
    }

    private void accept(Channel channel) {
        connections.add(channel);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(settings)
                                .autoAckPingFrame(answersPings)
                                .gracefulShutdownTimeoutMillis(0)
                                .build(),
                        new Frames(connections.size()));
    }

    /** Puts requests together from their frames. */
    private final class Frames extends ChannelInboundHandlerAdapter {
        private final Map<Http2FrameStream, Http2Headers> heads = new HashMap<>();
        private final Map<Http2FrameStream, ByteArrayOutputStream> bodies = new HashMap<>();
        private final List<DefaultHttp2WindowUpdateFrame> kept = new ArrayList<>();
        private final int number;

        Frames(int number) {
            this.number = number;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                if (frame instanceof Http2HeadersFrame head) {
                    heads.put(head.stream(), head.headers());
                    bodies.put(head.stream(), new ByteArrayOutputStream());
                } else if (frame instanceof Http2DataFrame data) {
                    data(ctx, data);
                } else if (frame instanceof Http2ResetFrame reset) {
                    resets.add(reset.errorCode());
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ScriptedH2Upstream.this) {
                kept.forEach(ctx::write);
                kept.clear();
                ctx.flush();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        private void data(ChannelHandlerContext ctx, Http2DataFrame data) {
            ByteArrayOutputStream body = bodies.computeIfAbsent(data.stream(), answered -> new ByteArrayOutputStream());
            body.writeBytes(ByteBufUtil.getBytes(data.content()));
            bodyBytes.addAndGet(data.content().readableBytes());
            kept.add(new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(data.stream()));
            if (givesWindows) {
                userEventTriggered(ctx, ScriptedH2Upstream.this);
            }
            if (data.isEndStream() || answersEarly) {
                Http2Headers head = heads.remove(data.stream());
                if (head == null) {
                    return;
                }
                bodies.remove(data.stream());
                String text = body.toString(StandardCharsets.UTF_8);
                H2Call call = new H2Call(head, text, data.stream(), ctx.channel(), number);
                calls.add(call);
                script.answer(call);
            }
        }
    }
}
