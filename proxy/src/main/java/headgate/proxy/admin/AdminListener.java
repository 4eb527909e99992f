package headgate.proxy.admin;

import headgate.conf.AdminConfig;
import headgate.conf.LimitsConfig;
import headgate.filters.Downstream;
import headgate.filters.ReadControl;
import headgate.proxy.tls.ListenerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The address that operators, probes and scrapers ask.
 *
 * <p>It has one event loop, its own: it answers while all others are busy, and cannot keep them busy itself.
 */
public final class AdminListener {
    private static final int BACKLOG = 64;
    private static final int REQUEST_LINE_BYTES = 4096;
    private static final int HEADER_BYTES = 16 * 1024;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin"), NioIoHandler.newFactory());
    private final AdminConfig config;
    private final LimitsConfig limits;
    private final AdminGuard guard;
    private final List<AdminPage> pages;
    private final @Nullable ListenerTls tls;
    private final ChannelGroup open = new DefaultChannelGroup(loop.next());

    /**
     * A listener that is not bound yet.
     *
     * @param limits whose {@code headerTime} bounds a handshake, and {@code keepAliveIdle} a silent connection
     * @throws IOException if a file of its TLS cannot be used
     */
    public AdminListener(AdminConfig config, LimitsConfig limits, List<AdminPage> pages) throws IOException {
        this.config = config;
        this.limits = limits;
        this.guard = new AdminGuard(config);
        this.pages = List.copyOf(pages);
        this.tls = config.tls() == null
                ? null
                : ListenerTls.start(config.tls(), limits, List.of(ApplicationProtocolNames.HTTP_1_1), loop);
    }

    /**
     * Begins to listen; not successful when the address cannot be bound.
     *
     * @param shared whether the next process may listen beside this one, while this one drains
     */
    public ChannelFuture bind(boolean shared) {
        return new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), shared)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel);
                    }
                })
                .bind(config.host(), config.port());
    }

    /** Ends it, with its loop; complete when nothing is left of it. */
    public Future<?> close() {
        return loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(ended -> {
            if (tls != null) {
                tls.close();
            }
        });
    }

    /** The connections are counted on the one loop that has them all. */
    private void initialize(Channel channel) {
        if (open.size() >= config.connections()) {
            channel.close();
            return;
        }
        open.add(channel);
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast(tls.newHandler(new Downstream(new ReadControl(channel), channel.remoteAddress())));
        }
        pipeline.addLast(
                new IdleStateHandler(0, 0, limits.keepAliveIdle().toMillis(), TimeUnit.MILLISECONDS),
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(REQUEST_LINE_BYTES)
                        .setMaxHeaderSize(HEADER_BYTES)),
                new HttpObjectAggregator(config.bodyBytes()),
                // Requests that are sent ahead wait here until the one before is answered.
                new FlowControlHandler(),
                new AdminHandler(guard, pages));
    }
}
