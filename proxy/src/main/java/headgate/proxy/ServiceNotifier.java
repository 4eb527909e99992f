package headgate.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is (sd_notify(3)); where no systemd listens, nobody is told.
 *
 * <p>It also says, as often as systemd asks for it, that every event loop answers (sd_watchdog_enabled(3)). A loop that is stuck
 * serves nobody, and only a new process helps. May be called on any thread; nothing waits until it was told.
 */
final class ServiceNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);

    private final @Nullable Channel socket;
    private final EventLoopGroup loops;
    private final AtomicInteger unanswered = new AtomicInteger();

    private ServiceNotifier(@Nullable Channel socket, EventLoopGroup loops) {
        this.socket = socket;
        this.loops = loops;
    }

    /**
     * The way to whoever listens at {@code NOTIFY_SOCKET}: a path, or a name in the abstract namespace with an @ before it.
     * Needs epoll, and has a loop of its own for it: whatever moves the gateway's bytes need not know such sockets.
     *
     * @param environment with {@code WATCHDOG_USEC}, in microseconds, and {@code WATCHDOG_PID}, where systemd wants to be told
     * @param loops to be watched
     */
    static ServiceNotifier open(Map<String, String> environment, EventLoopGroup loops) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        ServiceNotifier notifier = new ServiceNotifier(socket(address), loops);
        String own = Long.toString(ProcessHandle.current().pid());
        if (own.equals(environment.getOrDefault("WATCHDOG_PID", own))) {
            notifier.watch(Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")));
        }
        return notifier;
    }

    /** Callers are answered, also after {@link #reloading}; the status is for those who look at the service. */
    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** A reload has begun; {@link #ready} says when it is over, whatever came of it. */
    void reloading() {
        // systemd compares this with CLOCK_MONOTONIC, which is what nanoTime counts on Linux.
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /** Another process goes on with the service; the one that was its main process so far has to say so. */
    void followedBy(int pid) {
        send("MAINPID=" + pid);
    }

    /** The drain begins. */
    void stopping() {
        send("STOPPING=1\nSTATUS=Open exchanges may finish");
    }

    private static @Nullable Channel socket(String address) {
        if (!address.startsWith("/") && !address.startsWith("@")) {
            return null;
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("systemd is not told that the service is ready: NOTIFY_SOCKET needs epoll");
            return null;
        }
        String path = address.startsWith("@") ? "\0" + address.substring(1) : address;
        ChannelFuture connected = new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("notify", true), EpollIoHandler.newFactory()))
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            LOG.warn(
                    "systemd is not told that the service is ready: {}",
                    connected.cause().getMessage());
            return null;
        }
        return connected.channel();
    }

    private void watch(long micros) {
        if (socket != null && micros > 1) {
            socket.eventLoop().scheduleAtFixedRate(this::askLoops, 0, micros / 2, TimeUnit.MICROSECONDS);
        }
    }

    /** While one has not answered there is no need to ask again: what it has not done yet says so. */
    private void askLoops() {
        int asked = 0;
        for (EventExecutor ignored : loops) {
            asked++;
        }
        if (unanswered.compareAndSet(0, asked)) {
            for (EventExecutor loop : loops) {
                loop.execute(this::answered);
            }
        }
    }

    private void answered() {
        if (unanswered.decrementAndGet() == 0) {
            send("WATCHDOG=1");
        }
    }

    private void send(String message) {
        if (socket != null) {
            socket.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8));
        }
    }
}
