package headgate.proxy;

import headgate.conf.AdminConfig;
import headgate.conf.ListenerConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannelConfig;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that were listening before this process began: those of a process whose place it takes, or those that systemd holds.
 *
 * <p>Used by the thread that starts the program.
 */
final class InheritedSockets {
    /** The first descriptor that systemd passes (sd_listen_fds(3)). */
    private static final int FIRST_PASSED = 3;

    private static final long ANSWER_SECONDS = 5;

    private final Map<String, Integer> descriptors = new HashMap<>();
    private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    private @Nullable Channel other;

    private InheritedSockets() {}

    static String name(ListenerConfig listener) {
        return listener.host() + ":" + listener.port();
    }

    /** A listener for callers may have the same address, where the system chooses the port. */
    static String name(AdminConfig admin) {
        return "admin " + admin.host() + ":" + admin.port();
    }

    /** Those that systemd passes, in the order of the listeners; none where it passes none to this process. */
    static InheritedSockets passed(List<ListenerConfig> listeners, Map<String, String> environment) {
        InheritedSockets sockets = new InheritedSockets();
        String own = Long.toString(ProcessHandle.current().pid());
        if (own.equals(environment.get("LISTEN_PID"))) {
            int count = Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0"));
            for (int i = 0; i < Math.min(count, listeners.size()); i++) {
                sockets.descriptors.put(name(listeners.get(i)), FIRST_PASSED + i);
            }
        }
        return sockets;
    }

    /**
     * Takes over those of the process that answers at this Unix socket; it goes on accepting connections until
     * {@link #drainOther}.
     *
     * @return null when nobody answers there
     * @throws IOException if it answers and does not give them
     */
    static @Nullable InheritedSockets takenOver(Path path, EventLoopGroup loops) throws IOException {
        InheritedSockets sockets = new InheritedSockets();
        ChannelFuture connected = new Bootstrap()
                .group(loops)
                .channel(EpollDomainSocketChannel.class)
                .handler(sockets.new AnswerHandler())
                .connect(new DomainSocketAddress(path.toFile()))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            if (Files.isRegularFile(path)) {
                throw new IOException(path + " is a file, and should be the place of a socket");
            }
            return null;
        }
        Channel channel = connected.channel();
        sockets.other = channel;
        String names = sockets.ask(channel, Handover.NAMES);
        while (!names.endsWith("\n\n")) {
            names += (String) sockets.answer();
        }
        ((DomainSocketChannelConfig) channel.config()).setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
        send(channel, Handover.SOCKETS);
        for (String name : names.strip().lines().toList()) {
            sockets.descriptors.put(name, ((FileDescriptor) sockets.answer()).intValue());
        }
        ((DomainSocketChannelConfig) channel.config()).setReadMode(DomainSocketReadMode.BYTES);
        return sockets;
    }

    boolean isEmpty() {
        return descriptors.isEmpty();
    }

    /** The socket of this name; -1 when there is none. Whoever asks has it. */
    int take(String name) {
        Integer descriptor = descriptors.remove(name);
        return descriptor == null ? -1 : descriptor;
    }

    /** This process listens: has the other one finish what is open and end. What nobody took is closed. */
    void drainOther() throws IOException {
        for (int descriptor : descriptors.values()) {
            new FileDescriptor(descriptor).close();
        }
        descriptors.clear();
        if (other != null) {
            ask(other, Handover.DRAIN);
            other.close();
        }
    }

    private String ask(Channel channel, char command) throws IOException {
        send(channel, command);
        return (String) answer();
    }

    private static void send(Channel channel, char command) {
        channel.writeAndFlush(Unpooled.copiedBuffer(String.valueOf(command), StandardCharsets.US_ASCII));
    }

    private Object answer() throws IOException {
        try {
            Object answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (answer != null && answer != this) {
                return answer;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(
                "the process whose place is to be taken does not give its sockets," + " or gives them to another one");
    }

    private final class AnswerHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                answers.add(bytes.toString(StandardCharsets.UTF_8));
                ReferenceCountUtil.release(bytes);
            } else {
                answers.add(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answers.add(InheritedSockets.this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
