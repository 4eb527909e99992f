package headgate.proxy;

import headgate.conf.TransportConfig;
import headgate.conf.TransportConfig.Kind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
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
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What moves the bytes: epoll where its library loads, else NIO; io_uring where it is asked for. */
record Transport(
        EventLoopGroup loops,
        IoHandlerFactory handlers,
        Supplier<? extends ServerSocketChannel> listeners,
        Class<? extends SocketChannel> channelType,
        Class<? extends DatagramChannel> datagramType) {
    /** What one turn of a loop submits at once before it has to ask the kernel in between. */
    private static final int RING_SIZE = 1024;

    boolean isEpoll() {
        return channelType == EpollSocketChannel.class;
    }

    /** A channel for a listener; of a socket that is listening already where one is given, which needs epoll. */
    ServerSocketChannel newListener(int descriptor) {
        return descriptor >= 0 ? new EpollServerSocketChannel(descriptor) : listeners.get();
    }

    /** One loop more, of the same kind, for what must not wait for the others. */
    EventLoopGroup loop(String threadName) {
        return loops(1, threadName, handlers);
    }

    /**
     * Starts the event loops.
     *
     * @throws IllegalStateException if what is asked for by name is not to be had
     */
    static Transport start(TransportConfig config) {
        return switch (config.kind()) {
            case AUTO -> Epoll.isAvailable() ? epoll(config) : nio(config);
            case EPOLL -> {
                require(Kind.EPOLL, Epoll.unavailabilityCause());
                yield epoll(config);
            }
            case IO_URING -> {
                require(Kind.IO_URING, IoUring.unavailabilityCause());
                yield ioUring(config);
            }
            case NIO -> nio(config);
        };
    }

    private static void require(Kind kind, @Nullable Throwable missing) {
        if (missing != null) {
            throw new IllegalStateException(
                    "transport.kind is " + kind.word() + ", which is not available here: " + missing.getMessage(),
                    missing);
        }
    }

    private static Transport epoll(TransportConfig config) {
        IoHandlerFactory handlers = EpollIoHandler.newFactory();
        return new Transport(
                loops(config.eventLoops(), "loop", handlers),
                handlers,
                EpollServerSocketChannel::new,
                EpollSocketChannel.class,
                EpollDatagramChannel.class);
    }

    private static Transport ioUring(TransportConfig config) {
        IoHandlerFactory handlers = IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setRingSize(RING_SIZE));
        return new Transport(
                loops(config.eventLoops(), "loop", handlers),
                handlers,
                IoUringServerSocketChannel::new,
                IoUringSocketChannel.class,
                IoUringDatagramChannel.class);
    }

    private static Transport nio(TransportConfig config) {
        IoHandlerFactory handlers = NioIoHandler.newFactory();
        return new Transport(
                loops(config.eventLoops(), "loop", handlers),
                handlers,
                NioServerSocketChannel::new,
                NioSocketChannel.class,
                NioDatagramChannel.class);
    }

    private static EventLoopGroup loops(int count, String threadName, IoHandlerFactory handlers) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(threadName), handlers);
    }
}
