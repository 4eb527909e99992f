package headgate.proxy;

import headgate.conf.TransportConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** What moves the bytes: epoll where its library loads, else NIO. */
record Transport(
        String name,
        EventLoopGroup loops,
        Class<? extends ServerSocketChannel> serverType,
        Class<? extends SocketChannel> channelType,
        Class<? extends DatagramChannel> datagramType) {
    boolean isEpoll() {
        return serverType == EpollServerSocketChannel.class;
    }

    /** A channel for a listener; of a socket that is listening already where one is given, which needs epoll. */
    ServerSocketChannel newListener(int descriptor) {
        if (descriptor >= 0) {
            return new EpollServerSocketChannel(descriptor);
        }
        return isEpoll() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    /** One loop more, of the same kind, for what must not wait for the others. */
    EventLoopGroup loop(String threadName) {
        return new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory(threadName),
                isEpoll() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /**
     * Starts the event loops.
     *
     * @throws IllegalStateException if epoll is asked for by name and not to be had
     */
    static Transport start(TransportConfig config) {
        DefaultThreadFactory threads = new DefaultThreadFactory("loop");
        boolean epoll = switch (config.kind()) {
            case AUTO -> Epoll.isAvailable();
            case NIO -> false;
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalStateException("transport.kind is epoll, which is not available here");
                }
                yield true;
            }
        };
        return epoll
                ? new Transport(
                        "epoll",
                        new MultiThreadIoEventLoopGroup(config.eventLoops(), threads, EpollIoHandler.newFactory()),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        EpollDatagramChannel.class)
                : new Transport(
                        "nio",
                        new MultiThreadIoEventLoopGroup(config.eventLoops(), threads, NioIoHandler.newFactory()),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        NioDatagramChannel.class);
    }
}
