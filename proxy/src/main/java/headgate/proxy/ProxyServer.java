package headgate.proxy;

import headgate.conf.GatewayConfig;
import headgate.conf.LimitsConfig;
import headgate.conf.PrincipalLimitsConfig;
import headgate.filters.HeldBytes;
import headgate.filters.content.prompt.PromptScans;
import headgate.filters.fetch.Fetcher;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.model.ScannerPool;
import headgate.filters.quota.LocalQuotaLedger;
import headgate.filters.quota.QuotaLedger;
import headgate.filters.quota.QuotaStanding;
import headgate.filters.quota.RedisQuotaLedger;
import headgate.filters.redis.RedisLink;
import headgate.proxy.admin.AdminAnswer;
import headgate.proxy.admin.AdminRequest;
import headgate.proxy.admin.Readiness.Phase;
import headgate.proxy.downstream.Connections;
import headgate.proxy.downstream.DownstreamInitializer;
import headgate.proxy.downstream.LoopParts;
import headgate.proxy.explain.Explainer;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.reload.Reload;
import headgate.proxy.reload.ReloadHistory;
import headgate.proxy.routing.LoopGateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The running gateway: its event loops, its listeners, and their end.
 *
 * <p>Started and stopped by one thread; all else happens on the event loops.
 */
public final class ProxyServer {
    private static final long LOOK_MS = 50;
    private static final Duration JUDGES_IDLE = Duration.ofSeconds(30);

    private final GatewayConfig first;
    private final FailedAttempts failures;
    private final @Nullable RedisLink redis;
    private final Gateways gateways;
    private final Transport transport;
    private final AccessLog accessLog;
    private final HeldBytes heldBytes;
    private final QuotaLedger ledger;
    private final DnsAddressResolverGroup resolvers;
    private final AtomicInteger openConnections = new AtomicInteger();
    private final IdentityHashMap<EventLoop, LoopParts> loops = new IdentityHashMap<>();
    private final Listeners listeners;
    private final Explainer explainer;
    private final Admin admin;

    private ProxyServer(GatewayConfig config, LongSupplier nanoClock) throws IOException {
        this.first = config;
        this.failures = new FailedAttempts(config.identity().failedAttempts(), nanoClock);
        this.redis = config.state() == null ? null : RedisLink.open(config.state());
        this.accessLog = new AccessLog(config.accessLog(), config.limits().accessLogBytes());
        this.heldBytes = new HeldBytes(config.limits());
        this.gateways = new Gateways(config, failures, heldBytes, redis, accessLog, loops);
        this.ledger = ledger(config, nanoClock, redis);
        this.transport = Transport.start(config.transport());
        this.resolvers =
                new DnsAddressResolverGroup(new DnsNameResolverBuilder().datagramChannelType(transport.datagramType()));
        this.listeners = new Listeners(
                config,
                transport,
                (tls, source) -> new DownstreamInitializer(failures, heldBytes, ledger, loops, tls, source));
        this.explainer = new Explainer(failures, heldBytes, ledger, loops);
        this.admin = new Admin(this, config, transport, gateways::current, failures, accessLog, redis);
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
        return listeners.addresses();
    }

    /**
     * Lets another process take this one's place, where the configuration has a socket for that.
     *
     * @param drain told, on an event loop, when it is to end: the id of the process that goes on, 0 for none
     * @throws IOException if there is no place for the socket
     */
    public void offerHandover(IntConsumer drain) throws IOException {
        listeners.offerHandover(admin.sockets(), next -> {
            if (next != 0) {
                admin.leave();
            }
            drain.accept(next);
        });
    }

    /** Who tells systemd about this gateway, where its variables in the environment say that it listens. */
    ServiceNotifier notifier(Map<String, String> environment) {
        return ServiceNotifier.open(environment, transport.loops());
    }

    /** What replaces the configuration. */
    public Reload.Target reloadable() {
        return gateways;
    }

    /** Where it is told what came of reloads. */
    public ReloadHistory reloads() {
        return admin.reloads();
    }

    /** What operators may order from outside, from now on. */
    public void commands(Reload reload, Runnable drain) {
        admin.commands(reload, drain);
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

    /** Tells operators what would become of a request. */
    CompletionStage<AdminAnswer> explain(AdminRequest request) {
        return explainer.explain(request);
    }

    /** Tells operators what became of an exchange. */
    CompletionStage<AdminAnswer> lookUp(AdminRequest request) {
        return explainer.lookUp(request);
    }

    /**
     * Stops: no new connections, open exchanges may go on until the time is over, what is left is cut.
     *
     * @return whether every exchange came to its own end
     */
    public boolean stop(Duration drain) {
        admin.phase(Phase.DRAINING);
        listeners.close();
        onAllLoops(parts -> parts.connections().drain());
        boolean drained = awaitNoConnections(drain);
        onAllLoops(parts -> parts.connections().cut());
        awaitNoConnections(Duration.ofSeconds(1));
        onAllLoops(parts -> parts.journal().handOver());
        gateways.stop();
        resolvers.close();
        transport.loops().shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        listeners.release();
        gateways.release();
        ledger.close();
        if (redis != null) {
            redis.close().toCompletableFuture().join();
        }
        accessLog.close();
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
        LimitsConfig limits = first.limits();
        InheritedSockets inherited = listeners.inherited();
        admin.open(inherited);
        int eventLoops = first.transport().eventLoops();
        int kept = (limits.decisions() + eventLoops - 1) / eventLoops;
        for (EventExecutor executor : transport.loops()) {
            EventLoop loop = (EventLoop) executor;
            Deadlines deadlines = new Deadlines(loop);
            loops.put(
                    loop,
                    new LoopParts(
                            deadlines,
                            new Connections(openConnections, limits.connections()),
                            new ScannerPool(limits),
                            new PromptScans(),
                            new UpstreamPool(loop, transport.channelType(), resolvers, limits, deadlines),
                            new LoopGateway(gateways.current()),
                            accessLog.journal(loop, kept),
                            admin.metrics().loop(loop)));
        }
        gateways.start(
                transport.loops().next(),
                new Fetcher(transport.channelType(), resolvers),
                new Fetcher(transport.channelType(), resolvers, JUDGES_IDLE));
        listeners.open(inherited);
        admin.phase(Phase.SERVING);
        admin.accept();
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
