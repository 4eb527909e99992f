package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.conf.UpstreamConfig.Http;
import headgate.filters.api.ProxyError;
import headgate.proxy.loop.LateFlushHandler;
import headgate.proxy.routing.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Opens connections: finds the addresses of a host, tries them in turn, and speaks TLS and HTTP/2 where the
 * endpoint wants it.
 *
 * <p>Belongs to one event loop.
 */
final class UpstreamConnector {
    /** What became of it. */
    interface Result {
        /** A connection that serves one exchange at a time. */
        void connected(UpstreamConnection connection);

        /** A connection that serves many. */
        void connected(Http2Connection connection);

        void notConnected(ProxyError error);
    }

    private final EventLoop loop;
    private final Class<? extends SocketChannel> channelType;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private LimitsConfig limits;

    UpstreamConnector(
            EventLoop loop,
            Class<? extends SocketChannel> channelType,
            AddressResolverGroup<InetSocketAddress> resolvers,
            LimitsConfig limits) {
        this.loop = loop;
        this.channelType = channelType;
        this.resolvers = resolvers;
        this.limits = limits;
    }

    /** What holds for connections from now on. */
    void limits(LimitsConfig next) {
        limits = next;
    }

    /** Connects; the result is called on the event loop, later. */
    void connect(Endpoint endpoint, EndpointPool pool, Result result) {
        resolvers
                .getResolver(loop)
                .resolveAll(InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port()))
                .addListener((Future<List<InetSocketAddress>> found) -> {
                    if (found.isSuccess() && !found.getNow().isEmpty()) {
                        tryAddress(endpoint, pool, found.getNow(), 0, result);
                    } else {
                        result.notConnected(failed("The upstream's host name could not be resolved."));
                    }
                });
    }

    private void tryAddress(
            Endpoint endpoint, EndpointPool pool, List<InetSocketAddress> addresses, int place, Result result) {
        int share = (int) Math.max(1, endpoint.timeouts().connect().toMillis() / addresses.size());
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, share)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new LateFlushHandler());
                        if (endpoint.tls() != null) {
                            SslHandler tls =
                                    endpoint.tls().newHandler(channel.alloc(), endpoint.host(), endpoint.port());
                            tls.setHandshakeTimeoutMillis(share);
                            channel.pipeline().addLast(tls);
                        }
                        channel.pipeline().addLast(new UpstreamConnection(channel, pool, limits));
                    }
                })
                .connect(addresses.get(place));
        connecting.addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                nextAddress(endpoint, pool, addresses, place, result);
                return;
            }
            SslHandler tls = connected.channel().pipeline().get(SslHandler.class);
            if (tls == null) {
                speak(endpoint.http() == Http.HTTP_2, connected.channel(), pool, share, result);
                return;
            }
            tls.handshakeFuture().addListener((Future<Channel> shaken) -> {
                boolean http2 = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
                if (shaken.isSuccess() && (http2 || endpoint.http() != Http.HTTP_2)) {
                    speak(http2, connected.channel(), pool, share, result);
                } else {
                    connected.channel().close();
                    nextAddress(endpoint, pool, addresses, place, result);
                }
            });
        });
    }

    private void speak(boolean http2, Channel channel, EndpointPool pool, int withinMs, Result result) {
        UpstreamConnection connection = channel.pipeline().get(UpstreamConnection.class);
        if (http2) {
            channel.pipeline().remove(connection);
            Http2Connection.begin(channel, pool, limits, withinMs, result);
        } else {
            result.connected(connection);
        }
    }

    private void nextAddress(
            Endpoint endpoint, EndpointPool pool, List<InetSocketAddress> addresses, int place, Result result) {
        if (place + 1 < addresses.size()) {
            tryAddress(endpoint, pool, addresses, place + 1, result);
        } else {
            result.notConnected(failed(
                    endpoint.http() == Http.HTTP_2
                            ? "The upstream could not be connected with HTTP/2, which the configuration demands."
                            : "The upstream could not be connected."));
        }
    }

    private static ProxyError failed(String message) {
        return ProxyError.of(ProxyError.Kind.CONNECT_FAILED, message);
    }
}
