package headgate.proxy.journey;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An upstream for many callers at once: each answer, and each event of a stream, carries the id that its request has. */
final class EventUpstream implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"user\":\"([a-z0-9-]+)\"");

    private final Channel listener;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    /** Listens; streams have an event in each period, until they are told to end. */
    EventUpstream(EventLoopGroup loops, long periodMs) throws InterruptedException {
        listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.closeFuture().addListener(closed -> connections.remove(channel));
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(1 << 20),
                                        new Answers(periodMs));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    String url() {
        return "http://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How many connections are open. */
    int connections() {
        return connections.size();
    }

    /** All streams end, as they should, with their next event. */
    void endStreams() {
        ending = true;
    }

    @Override
    public void close() throws InterruptedException {
        listener.close().sync();
        connections.forEach(Channel::close);
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final long periodMs;

        Answers(long periodMs) {
            this.periodMs = periodMs;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String body = request.content().toString(StandardCharsets.UTF_8);
            Matcher id = ID.matcher(body);
            String answer = "{\"id\":\"" + (id.find() ? id.group(1) : "none") + "\"}";
            if (!body.contains("\"stream\":true")) {
                DefaultFullHttpResponse whole = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        Unpooled.copiedBuffer(answer, StandardCharsets.UTF_8));
                whole.headers().set("content-length", whole.content().readableBytes());
                ctx.writeAndFlush(whole);
                return;
            }
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set("content-type", "text/event-stream").set("transfer-encoding", "chunked");
            ctx.writeAndFlush(head);
            event(ctx, answer);
        }

        private void event(ChannelHandlerContext ctx, String answer) {
            if (ending) {
                ctx.write(new DefaultHttpContent(bytes(answer)));
                ctx.writeAndFlush(new DefaultLastHttpContent(bytes("[DONE]")));
            } else if (ctx.channel().isActive()) {
                ctx.writeAndFlush(new DefaultHttpContent(bytes(answer)));
                ctx.executor().schedule(() -> event(ctx, answer), periodMs, TimeUnit.MILLISECONDS);
            }
        }

        private static io.netty.buffer.ByteBuf bytes(String data) {
            return Unpooled.copiedBuffer("data: " + data + "\n\n", StandardCharsets.UTF_8);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
