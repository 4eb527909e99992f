package headgate.loadtest;

import headgate.loadtest.provider.Counters;
import headgate.loadtest.provider.Pace;
import headgate.loadtest.provider.ProviderInitializer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A model provider that only pretends: answers of the right shape, at a chosen pace, with faults on request. */
public final class SimulatedProvider implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final EventLoopGroup loops;
    private final Channel listener;
    private final Counters counters;

    /**
     * How a provider is to be.
     *
     * @param port 0 for any that is free
     * @param loops threads
     * @param certificate PEM chain; with {@code key} the provider speaks TLS
     * @param key PEM, PKCS#8
     */
    public record Options(
            String host,
            int port,
            int loops,
            Pace pace,
            @Nullable Path certificate,
            @Nullable Path key) {
        public Options {
            if (loops < 1) {
                throw new IllegalArgumentException("a provider needs at least one thread, not " + loops);
            }
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException("TLS needs both a certificate and its key");
            }
        }

        /** What the command line does without options. */
        public static Options defaults() {
            return new Options(
                    "127.0.0.1", 0, 1, Pace.constant(Duration.ofMillis(200), Duration.ofMillis(20), 40), null, null);
        }

        public Options withPort(int port) {
            return new Options(host, port, loops, pace, certificate, key);
        }

        public Options withLoops(int loops) {
            return new Options(host, port, loops, pace, certificate, key);
        }

        public Options withPace(Duration firstToken, Duration betweenTokens, int tokens) {
            return new Options(host, port, loops, Pace.constant(firstToken, betweenTokens, tokens), certificate, key);
        }

        public Options withPace(Pace pace) {
            return new Options(host, port, loops, pace, certificate, key);
        }

        public Options withTls(Path certificate, Path key) {
            return new Options(host, port, loops, pace, certificate, key);
        }
    }

    private SimulatedProvider(EventLoopGroup loops, Channel listener, Counters counters) {
        this.loops = loops;
        this.listener = listener;
        this.counters = counters;
    }

    public static void main(String... arguments) {
        System.exit(new CommandLine(new ProviderCommand()).execute(arguments));
    }

    /** Starts a provider, which listens when this returns; fails as binding or reading the certificate fails. */
    public static SimulatedProvider start(Options options) throws IOException {
        SslContext tls = tls(options);
        Counters counters = new Counters();
        boolean epoll = Epoll.isAvailable();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                options.loops(), epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ProviderInitializer(tls, options.pace(), counters))
                .bind(options.host(), options.port())
                .awaitUninterruptibly();
        SimulatedProvider provider = new SimulatedProvider(loops, bound.channel(), counters);
        if (!bound.isSuccess()) {
            provider.close();
            throw new IOException("cannot listen on " + options.host() + ":" + options.port(), bound.cause());
        }
        return provider;
    }

    private static @Nullable SslContext tls(Options options) throws SSLException {
        Path certificate = options.certificate();
        Path key = options.key();
        return certificate == null || key == null
                ? null
                : SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                        .applicationProtocolConfig(new ApplicationProtocolConfig(
                                ApplicationProtocolConfig.Protocol.ALPN,
                                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2,
                                ApplicationProtocolNames.HTTP_1_1))
                        .build();
    }

    public String host() {
        return ((InetSocketAddress) listener.localAddress()).getAddress().getHostAddress();
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public Counters counters() {
        return counters;
    }

    /** Waits until the provider is closed. */
    public void awaitClosed() throws InterruptedException {
        listener.closeFuture().sync();
    }

    /** Closes all connections, whatever is under way on them, and waits for the threads to end. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
