package headgate.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket at which a process gives its listening sockets to the one that takes its place.
 *
 * <p>Both have the same sockets then, with one queue of new connections, so none is lost when the first one closes its own. Who
 * connects writes single letters: {@link #NAMES} is answered by the listeners' addresses as they are configured, a line each,
 * and an empty line; {@link #SOCKETS} by their descriptors in that order, for one at a time; {@link #DRAIN} has this process
 * finish what is open and end, and is answered by a line once this socket is out of the way, and the listening ones are where
 * they were given away. Only the user of the process may connect.
 */
final class Handover implements AutoCloseable {
    static final char NAMES = 'n';
    static final char SOCKETS = 's';
    static final char DRAIN = 'd';

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final Map<String, Channel> listeners;
    private final IntConsumer drain;
    private final Channel socket;
    /** Who has the sockets and has not said yet that it goes on: two of them would both accept connections. */
    private final AtomicReference<@Nullable Channel> successor = new AtomicReference<>();

    private Handover(Path path, EventLoopGroup loops, Map<String, Channel> listeners, IntConsumer drain)
            throws IOException {
        this.listeners = listeners;
        this.drain = drain;
        // What a process that was killed has left behind; nobody has answered there.
        Files.deleteIfExists(path);
        this.socket = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new CommandHandler());
                    }
                })
                .bind(new DomainSocketAddress(path.toFile()))
                .syncUninterruptibly()
                .channel();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    /**
     * Listens there.
     *
     * @param listeners by their addresses as they are configured
     * @param drain told, on an event loop, when another process is ready to go on, or an operator wants it: the id of that
     *     process, 0 for none
     * @throws IOException if there is no place for the socket
     */
    static Handover listen(Path path, EventLoopGroup loops, Map<String, Channel> listeners, IntConsumer drain)
            throws IOException {
        try {
            return new Handover(path, loops, listeners, drain);
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    /** Gives nothing away any more; the socket's file is gone then. */
    @Override
    public void close() {
        socket.close().syncUninterruptibly();
    }

    private final class CommandHandler extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf commands) throws IOException {
            while (commands.isReadable()) {
                switch ((char) commands.readByte()) {
                    case NAMES -> ctx.writeAndFlush(text(String.join("\n", listeners.keySet()) + "\n\n"));
                    case SOCKETS -> giveSockets(ctx);
                    case DRAIN -> drain(ctx);
                    default -> ctx.close();
                }
            }
        }

        private void giveSockets(ChannelHandlerContext ctx) {
            if (!successor.compareAndSet(null, ctx.channel())) {
                LOG.warn("A process wants the sockets while another one is taking them, and does not get them");
                ctx.close();
                return;
            }
            listeners.values().forEach(listener -> ctx.write(((UnixChannel) listener).fd()));
            ctx.flush();
        }

        private void drain(ChannelHandlerContext ctx) throws IOException {
            // Who took the sockets goes on; who did not, such as the command `drain`, only wants the end.
            boolean goesOn = successor.get() == ctx.channel();
            int next = goesOn
                    ? ((EpollDomainSocketChannel) ctx.channel())
                            .peerCredentials()
                            .pid()
                    : 0;
            LOG.info("Open exchanges may finish; new connections are another process's");
            ChannelGroup closing = new DefaultChannelGroup(ctx.executor());
            closing.add(socket);
            if (goesOn) {
                closing.addAll(listeners.values());
            }
            closing.close().addListener(closed -> {
                ctx.writeAndFlush(text("draining\n"));
                drain.accept(next);
            });
        }

        /** One that could not start gives way to the next; one that goes on has all there is. */
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (socket.isOpen()) {
                successor.compareAndSet(ctx.channel(), null);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        private ByteBuf text(String text) {
            return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        }
    }
}
