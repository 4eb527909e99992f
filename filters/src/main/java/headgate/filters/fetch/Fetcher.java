package headgate.filters.fetch;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fetches over a connection for each request at a time, and keeps it for the next one where it was made to; nothing is
 * followed, and nothing tried again but on a kept connection that was closed meanwhile.
 *
 * <p>Shared by all event loops; a kept connection is used again on its own loop.
 */
public final class Fetcher {
    private final Class<? extends SocketChannel> channelType;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final KeptConnections kept;

    /** A fetcher that connects by this transport, finds hosts by these resolvers, and keeps no connection. */
    public Fetcher(Class<? extends SocketChannel> channelType, AddressResolverGroup<InetSocketAddress> resolvers) {
        this(channelType, resolvers, Duration.ZERO);
    }

    /**
     * The same, keeping connections.
     *
     * @param idle how long an unused one is kept
     */
    public Fetcher(
            Class<? extends SocketChannel> channelType,
            AddressResolverGroup<InetSocketAddress> resolvers,
            Duration idle) {
        this.channelType = channelType;
        this.resolvers = resolvers;
        this.kept = new KeptConnections(idle);
    }

    /** Fetches; completes on the loop, and fails with a {@link FetchException} that says what and where. */
    public Future<FetchAnswer> fetch(EventLoop loop, FetchRequest request) {
        Promise<FetchAnswer> answer = loop.newPromise();
        ScheduledFuture<?> deadline = loop.schedule(
                () -> fail(answer, request, "no answer in time"),
                Math.max(0, request.deadline().toNanos()),
                TimeUnit.NANOSECONDS);
        answer.addListener(done -> deadline.cancel(false));
        FetchHandler idle = kept.take(loop, request);
        if (idle == null || !idle.again(request, answer, () -> open(loop, request, answer))) {
            open(loop, request, answer);
        }
        return answer;
    }

    private void open(EventLoop loop, FetchRequest request, Promise<FetchAnswer> answer) {
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
                                        new FetchHandler(kept, request, answer));
                    }
                })
                .connect(address);
        connecting.addListener((ChannelFuture connected) -> {
            if (connected.isSuccess()) {
                connected.channel().pipeline().get(FetchHandler.class).begin();
            } else if (place + 1 < addresses.size()) {
                connect(loop, request, addresses, place + 1, answer);
            } else {
                fail(answer, request, "no connection could be opened");
            }
        });
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
