package headgate.proxy.journey;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many callers, each with a connection of its own; every answer must be whole, and the caller's own. */
final class ManyCallers {
    /** What went wrong, in words. */
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    /** Answers that came whole. */
    final AtomicInteger answers = new AtomicInteger();
    /** Streams that have had an event. */
    final AtomicInteger begun = new AtomicInteger();
    /** Streams that came to their end. */
    final AtomicInteger ended = new AtomicInteger();

    private final EventLoopGroup loops;
    private final int port;
    private volatile boolean stopping;

    ManyCallers(EventLoopGroup loops, int port) {
        this.loops = loops;
        this.port = port;
    }

    /** Opens a stream. */
    void stream(String id) {
        connect(new Caller(id, true, 0));
    }

    /** Asks again and again, at intended times this far apart. */
    void ask(String id, long periodNanos) {
        connect(new Caller(id, false, periodNanos));
    }

    /** Those that ask again and again close with their next answer. */
    void stop() {
        stopping = true;
    }

    private void connect(Caller caller) {
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpClientCodec(), caller);
                    }
                })
                .connect("127.0.0.1", port)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        failures.add(caller.id + ": not connected: " + connected.cause());
                    }
                });
    }

    private final class Caller extends SimpleChannelInboundHandler<HttpObject> {
        private final String id;
        private final boolean streams;
        private final long periodNanos;
        private final StringBuilder text = new StringBuilder();
        private long nextNanos = System.nanoTime();
        private boolean open;
        private int sent;
        private int periodsSeen;

        Caller(String id, boolean streams, long periodNanos) {
            this.id = id;
            this.streams = streams;
            this.periodNanos = periodNanos;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            open = true;
            sent++;
            text.setLength(0);
            String body = "{\"model\":\"gpt\",\"user\":\"" + own() + "\",\"stream\":" + streams + ",\"messages\":[]}";
            ByteBuf bytes = Unpooled.copiedBuffer(RawCaller.chatRequest(body), StandardCharsets.US_ASCII);
            ctx.pipeline().firstContext().writeAndFlush(bytes);
        }

        private String own() {
            return id + "-" + sent;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part instanceof HttpResponse head && head.status().code() != 200) {
                failures.add(own() + ": " + head.status());
            }
            if (part instanceof HttpContent content) {
                text.append(content.content().toString(StandardCharsets.UTF_8));
                if (streams) {
                    readEvents();
                }
            }
            if (part instanceof LastHttpContent) {
                whole(ctx);
            }
        }

        private void readEvents() {
            String event = "data: {\"id\":\"" + own() + "\"}\n\n";
            for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
                String come = text.substring(0, end + 2);
                if (come.equals(event)) {
                    if (periodsSeen++ == 0) {
                        begun.incrementAndGet();
                    }
                } else if (come.equals("data: [DONE]\n\n")) {
                    ended.incrementAndGet();
                } else {
                    failures.add(own() + " got " + come);
                }
                text.delete(0, end + 2);
            }
        }

        private void whole(ChannelHandlerContext ctx) {
            open = false;
            if (streams) {
                ctx.close();
                return;
            }
            if (text.toString().equals("{\"id\":\"" + own() + "\"}")) {
                answers.incrementAndGet();
            } else {
                failures.add(own() + " got " + text);
            }
            if (stopping) {
                ctx.close();
                return;
            }
            nextNanos += periodNanos;
            ctx.executor().schedule(() -> send(ctx), nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (open) {
                failures.add(own() + ": cut");
            } else if (!streams && !stopping) {
                failures.add(id + ": the kept connection was closed");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(own() + ": " + cause);
            ctx.close();
        }
    }
}
