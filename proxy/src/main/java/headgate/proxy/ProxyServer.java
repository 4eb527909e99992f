package headgate.proxy;

import headgate.conf.GatewayConfig;
import headgate.conf.LimitsConfig;
import headgate.conf.ListenerConfig;
import headgate.conf.PrincipalLimitsConfig;
import headgate.conf.TlsConfig;
import headgate.filters.HeldBytes;
import headgate.filters.fetch.Fetcher;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.model.ScannerPool;
import headgate.filters.quota.LocalQuotaLedger;
import headgate.filters.quota.QuotaLedger;
import headgate.filters.quota.QuotaStanding;
import headgate.filters.quota.RedisQuotaLedger;
import headgate.filters.redis.RedisLink;
import headgate.proxy.admin.Readiness.Phase;
import headgate.proxy.downstream.Connections;
import headgate.proxy.downstream.DownstreamInitializer;
import headgate.proxy.downstream.LoopParts;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.tls.ListenerTls;
import headgate.proxy.upstream.UpstreamPool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running gateway: its event loops, its listeners, and their end.
 *
 * <p>Started and stopped by one thread; all else happens on the event loops.
 */
public final class ProxyServer {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);
    private static final int BACKLOG = 4096;
    private static final long LOOK_MS = 50;

    private final GatewayConfig config;
    private final FailedAttempts failures;
    private final @Nullable RedisLink redis;
    private final Gateway gateway;
    private final Transport transport;
    private final AccessLog accessLog;
    private final HeldBytes heldBytes;
    private final QuotaLedger ledger;
    private final DnsAddressResolverGroup resolvers;
    private final AtomicInteger openConnections = new AtomicInteger();
    private final IdentityHashMap<EventLoop, LoopParts> loops = new IdentityHashMap<>();
    private final List<Channel> listeners = new ArrayList<>();
    private final List<ListenerTls> tls = new ArrayList<>();
    private final Admin admin;

    private ProxyServer(GatewayConfig config, LongSupplier nanoClock) throws IOException {
        this.config = config;
        this.failures = new FailedAttempts(config.identity().failedAttempts());
        this.redis = config.state() == null ? null : RedisLink.open(config.state());
        this.gateway = Gateway.of(config, failures, redis);
        this.accessLog = new AccessLog(config.accessLog(), config.limits().accessLogBytes());
        this.heldBytes = new HeldBytes(config.limits());
        this.ledger = ledger(config, nanoClock, redis);
        this.transport = Transport.start(config.transport());
        this.resolvers =
                new DnsAddressResolverGroup(new DnsNameResolverBuilder().datagramChannelType(transport.datagramType()));
        this.admin = new Admin(this, config, () -> gateway, failures, accessLog, redis);
    }

    /**
     * Starts the gateway; it answers when this returns.
     *
     * @throws IOException if an address cannot be bound, or a file not be opened
     */
    public static ProxyServer start(GatewayConfig config) throws IOException {
        return start(config, System::nanoTime);
    }

    /** The same, with another clock for what is limited by the minute and by the day. */
    public static ProxyServer start(GatewayConfig config, LongSupplier nanoClock) throws IOException {
        ProxyServer server = new ProxyServer(config, nanoClock);
        try {
            server.listen();
        } catch (IOException | RuntimeException e) {
            server.stop(Duration.ZERO);
            throw e;
        }
        return server;
    }

    /** The addresses that are listened on, in the order of the configuration. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    /** Where operators look in; null when that is off. */
    public @Nullable InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** How many callers are connected. */
    public int openConnections() {
        return openConnections.get();
    }

    /** What all exchanges hold together now, in bytes. */
    public long heldBytes() {
        return heldBytes.held();
    }

    /** What every limit in use stands at. */
    public List<QuotaStanding> quotas() {
        return ledger.standings();
    }

    /**
     * Stops: no new connections, open exchanges may go on until the time is over, what is left is cut.
     *
     * @return whether every exchange came to its own end
     */
    public boolean stop(Duration drain) {
        admin.phase(Phase.DRAINING);
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        onAllLoops(parts -> parts.connections().drain());
        boolean drained = awaitNoConnections(drain);
        onAllLoops(parts -> parts.connections().cut());
        awaitNoConnections(Duration.ofSeconds(1));
        onAllLoops(parts -> parts.journal().handOver());
        // Before its loop ends: a token that no longer comes is no failure then.
        gateway.credentials().stop();
        transport.loops().shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        resolvers.close();
        tls.forEach(ListenerTls::close);
        gateway.release();
        ledger.close();
        if (redis != null) {
            redis.close().toCompletableFuture().join();
        }
        try {
            accessLog.close();
        } catch (IOException e) {
            LOG.warn("The access log could not be closed: {}", e.getMessage());
        }
        admin.close();
        return drained;
    }

    private static QuotaLedger ledger(GatewayConfig config, LongSupplier nanoClock, @Nullable RedisLink redis) {
        PrincipalLimitsConfig limits = config.principalLimits();
        return redis == null || config.state() == null
                ? new LocalQuotaLedger(nanoClock, limits.accountsMax())
                : new RedisQuotaLedger(
                        nanoClock,
                        config.state().deadline(),
                        limits.accountsMax(),
                        redis,
                        limits.outage() == PrincipalLimitsConfig.Outage.OPEN);
    }

    private void listen() throws IOException {
        LimitsConfig limits = config.limits();
        admin.open();
        for (EventExecutor executor : transport.loops()) {
            EventLoop loop = (EventLoop) executor;
            Deadlines deadlines = new Deadlines(loop);
            loops.put(
                    loop,
                    new LoopParts(
                            deadlines,
                            new Connections(openConnections, limits.connections()),
                            new ScannerPool(limits),
                            new UpstreamPool(loop, transport.channelType(), resolvers, limits, deadlines),
                            accessLog.journal(loop),
                            admin.metrics().loop(loop)));
        }
        Fetcher fetcher = new Fetcher(transport.channelType(), resolvers);
        gateway.identifier().start(transport.loops().next(), fetcher);
        gateway.credentials().start(transport.loops().next(), fetcher);
        for (ListenerConfig listener : config.listeners()) {
            listeners.add(bind(listener));
        }
        admin.phase(Phase.SERVING);
    }

    private Channel bind(ListenerConfig listener) throws IOException {
        DownstreamInitializer initializer = new DownstreamInitializer(
                () -> gateway,
                failures,
                config.limits(),
                heldBytes,
                ledger,
                loops,
                tls(listener.tls()),
                listener.source());
        ChannelFuture bound = new ServerBootstrap()
                .group(transport.loops())
                .channel(transport.serverType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(initializer)
                .bind(listener.host(), listener.port());
        return bound(bound, listener.host(), listener.port());
    }

    static Channel bound(ChannelFuture bound, String host, int port) throws IOException {
        if (!bound.awaitUninterruptibly().isSuccess()) {
            throw new IOException("cannot listen on " + host + ":" + port + ": "
                    + bound.cause().getMessage());
        }
        return bound.channel();
    }

    private @Nullable ListenerTls tls(@Nullable TlsConfig config) throws IOException {
        if (config == null) {
            return null;
        }
        ListenerTls started = ListenerTls.start(
                config,
                this.config.limits(),
                List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1),
                transport.loops());
        tls.add(started);
        return started;
    }

    private void onAllLoops(Consumer<LoopParts> action) {
        loops.forEach((loop, parts) -> loop.submit(() -> action.accept(parts)).awaitUninterruptibly());
    }

    private boolean awaitNoConnections(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (openConnections.get() > 0 && until - System.nanoTime() > 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return openConnections.get() == 0;
    }
}
