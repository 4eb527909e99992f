package headgate.filters.fetch;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fetches over one connection for each request; nothing is kept, followed or tried again.
 *
 * <p>Shared by all event loops.
 */
public final class Fetcher {
    private final Class<? extends SocketChannel> channelType;
    private final AddressResolverGroup<InetSocketAddress> resolvers;

    /** A fetcher that connects by this transport, and finds hosts by these resolvers. */
    public Fetcher(Class<? extends SocketChannel> channelType, AddressResolverGroup<InetSocketAddress> resolvers) {
        this.channelType = channelType;
        this.resolvers = resolvers;
    }

    /** Fetches; completes on the loop, and fails with a {@link FetchException} that says what and where. */
    public Future<FetchAnswer> fetch(EventLoop loop, FetchRequest request) {
        Promise<FetchAnswer> answer = loop.newPromise();
        ScheduledFuture<?> deadline = loop.schedule(
                () -> fail(answer, request, "no answer in time"),
                Math.max(0, request.deadline().toNanos()),
                TimeUnit.NANOSECONDS);
        answer.addListener(done -> deadline.cancel(false));
        URI url = request.url();
        int port = url.getPort() >= 0 ? url.getPort() : request.tls() == null ? 80 : 443;
        resolvers
                .getResolver(loop)
                .resolveAll(InetSocketAddress.createUnresolved(host(url), port))
                .addListener((Future<List<InetSocketAddress>> found) -> {
                    if (found.isSuccess() && !found.getNow().isEmpty()) {
                        connect(loop, request, found.getNow(), 0, answer);
                    } else {
                        fail(answer, request, "the host name could not be resolved");
                    }
                });
        return answer;
    }

    private void connect(
            EventLoop loop,
            FetchRequest request,
            List<InetSocketAddress> addresses,
            int place,
            Promise<FetchAnswer> answer) {
        if (answer.isDone()) {
            return;
        }
        InetSocketAddress address = addresses.get(place);
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.max(1, request.deadline().toMillis() / addresses.size()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (request.tls() != null) {
                            SslHandler tls =
                                    request.tls().newHandler(channel.alloc(), host(request.url()), address.getPort());
                            tls.setHandshakeTimeoutMillis(0); // The deadline is for all of it.
                            channel.pipeline().addLast(tls);
                        }
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(request.answerBytesMax()),
                                        new FetchHandler(request, answer));
                    }
                })
                .connect(address);
        connecting.addListener((ChannelFuture connected) -> {
            if (connected.isSuccess()) {
                answer.addListener(done -> connected.channel().close());
                connected.channel().writeAndFlush(head(request));
            } else if (place + 1 < addresses.size()) {
                connect(loop, request, addresses, place + 1, answer);
            } else {
                fail(answer, request, "no connection could be opened");
            }
        });
    }

    private static FullHttpRequest head(FetchRequest request) {
        URI url = request.url();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        FullHttpRequest head = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(request.method()),
                target,
                Unpooled.wrappedBuffer(request.body()));
        head.headers()
                .set(HttpHeaderNames.HOST, url.getRawAuthority())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
        request.fields().forEach(field -> head.headers().add(field.name(), field.value()));
        return head;
    }

    /** An IPv6 address goes without its brackets. */
    private static String host(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static void fail(Promise<FetchAnswer> answer, FetchRequest request, String what) {
        answer.tryFailure(new FetchException(request.url(), what));
    }
}
