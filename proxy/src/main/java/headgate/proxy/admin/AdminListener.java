package headgate.proxy.admin;

import headgate.conf.AdminConfig;
import headgate.conf.LimitsConfig;
import headgate.filters.Downstream;
import headgate.filters.ReadControl;
import headgate.proxy.tls.ListenerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
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

    private final EventLoopGroup loop;
    private final AdminConfig config;
    private final LimitsConfig limits;
    private final AdminGuard guard;
    private final List<AdminPage> pages;
    private final @Nullable ListenerTls tls;
    private final ChannelGroup open;

    /**
     * A listener that is not bound yet.
     *
     * @param limits whose {@code headerTime} bounds a handshake and a request, and {@code keepAliveIdle} a silent connection
     * @param loop a single one, which ends with this
     * @throws IOException if a file of its TLS cannot be used
     */
    public AdminListener(AdminConfig config, LimitsConfig limits, EventLoopGroup loop, List<AdminPage> pages)
            throws IOException {
        this.loop = loop;
        this.open = new DefaultChannelGroup(loop.next());
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
     * @param socket makes the channel that listens
     * @param inherited whether its socket listens already; nothing is accepted then until the channel is read from
     */
    public ChannelFuture bind(ChannelFactory<? extends ServerChannel> socket, boolean inherited) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channelFactory(socket)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, !inherited)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel);
                    }
                });
        return inherited ? bootstrap.register() : bootstrap.bind(config.host(), config.port());
    }

    /**
     * Ends connections, each behind the answer it waits for: who comes again finds the process that listens here now. The channel
     * that listens here is closed.
     */
    public void leave() {
        // Behind what that channel has accepted, which is on the same loop.
        loop.execute(
                () -> open.forEach(connection -> connection.pipeline().fireUserEventTriggered(AdminHandler.LEAVE)));
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
        RequestTimeHandler time = new RequestTimeHandler(limits.headerTime());
        pipeline.addLast(
                time,
                new IdleStateHandler(0, 0, limits.keepAliveIdle().toMillis(), TimeUnit.MILLISECONDS),
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(REQUEST_LINE_BYTES)
                        .setMaxHeaderSize(HEADER_BYTES)),
                new HttpObjectAggregator(config.bodyBytes()),
                // Requests that are sent ahead wait here until the one before is answered.
                new FlowControlHandler(),
                new AdminHandler(guard, pages, time));
    }
}
