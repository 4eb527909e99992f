package headgate.proxy;

import headgate.conf.GatewayConfig;
import headgate.conf.ListenerConfig;
import headgate.conf.SourceConfig;
import headgate.conf.TlsConfig;
import headgate.proxy.downstream.DownstreamInitializer;
import headgate.proxy.tls.ListenerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that callers connect to: their own, or taken over from systemd or the process before.
 *
 * <p>Opened and closed by one thread.
 */
final class Listeners {
    private static final int BACKLOG = 4096;

    /** What makes a connection of a listener ready. */
    interface Making {
        DownstreamInitializer initializer(@Nullable ListenerTls tls, SourceConfig source);
    }

    private final GatewayConfig first;
    private final Transport transport;
    private final Making making;
    private final List<Channel> channels = new ArrayList<>();
    private final List<ListenerTls> tls = new ArrayList<>();

    private @Nullable Handover handover;

    Listeners(GatewayConfig first, Transport transport, Making making) {
        this.first = first;
        this.transport = transport;
        this.making = making;
    }

    /**
     * The sockets of the process before this one, or those that systemd holds, if there are any.
     *
     * @throws IOException if the process before this one does not give them, or the transport cannot listen on them
     */
    InheritedSockets inherited() throws IOException {
        Path place = first.handover();
        if (place != null && !transport.isEpoll()) {
            throw new IOException("handover needs the transport epoll");
        }
        InheritedSockets taken = place == null ? null : InheritedSockets.takenOver(place, transport.loops());
        InheritedSockets inherited =
                taken == null ? InheritedSockets.passed(first.listeners(), System.getenv()) : taken;
        if (!inherited.isEmpty() && !transport.isEpoll()) {
            throw new IOException("sockets that systemd holds need the transport epoll");
        }
        return inherited;
    }

    /**
     * Listens on all addresses of the configuration; the process before this one, if there is one, ends then.
     *
     * @throws IOException if an address cannot be bound, or a file not be opened
     */
    void open(InheritedSockets inherited) throws IOException {
        for (ListenerConfig listener : first.listeners()) {
            channels.add(bind(listener, inherited.take(InheritedSockets.name(listener))));
        }
        inherited.drainOther();
    }

    /** In the order of the configuration. */
    List<InetSocketAddress> addresses() {
        return channels.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .toList();
    }

    /**
     * Lets another process take this one's place, where the configuration has a socket for that.
     *
     * @param others what else that process takes over
     * @param drain told, on an event loop, when it is to end: the id of the process that goes on, 0 for none
     * @throws IOException if there is no place for the socket
     */
    void offerHandover(Map<String, Channel> others, IntConsumer drain) throws IOException {
        if (first.handover() != null) {
            Map<String, Channel> named = new LinkedHashMap<>(others);
            for (int i = 0; i < channels.size(); i++) {
                named.put(InheritedSockets.name(first.listeners().get(i)), channels.get(i));
            }
            handover = Handover.listen(first.handover(), transport.loops(), named, drain);
        }
    }

    /** No new connections from now on. */
    void close() {
        if (handover != null) {
            handover.close();
        }
        channels.forEach(channel -> channel.close().syncUninterruptibly());
    }

    /** Lets go of the certificates; the event loops have ended. */
    void release() {
        tls.forEach(ListenerTls::close);
    }

    /** What was bound, when it is. */
    static Channel bound(ChannelFuture bound, String host, int port) throws IOException {
        if (!bound.awaitUninterruptibly().isSuccess()) {
            throw new IOException("cannot listen on " + host + ":" + port + ": "
                    + bound.cause().getMessage());
        }
        return bound.channel();
    }

    /** Listens: on a socket that is listening already where there is one, else on a new one. */
    private Channel bind(ListenerConfig listener, int inherited) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.loops())
                .channelFactory(() -> transport.newListener(inherited))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(making.initializer(tls(listener.tls()), listener.source()));
        return bound(
                inherited < 0 ? bootstrap.bind(listener.host(), listener.port()) : bootstrap.register(),
                listener.host(),
                listener.port());
    }

    private @Nullable ListenerTls tls(@Nullable TlsConfig config) throws IOException {
        if (config == null) {
            return null;
        }
        ListenerTls started = ListenerTls.start(
                config,
                first.limits(),
                List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1),
                transport.loops());
        tls.add(started);
        return started;
    }
}
