package headgate.proxy;

import headgate.conf.AdminConfig;
import headgate.conf.GatewayConfig;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.redis.RedisLink;
import headgate.proxy.admin.AdminAnswer;
import headgate.proxy.admin.AdminListener;
import headgate.proxy.admin.AdminPage;
import headgate.proxy.admin.AdminRequest;
import headgate.proxy.admin.MetricsPage;
import headgate.proxy.admin.QuotaPage;
import headgate.proxy.admin.Readiness;
import headgate.proxy.admin.Readiness.Phase;
import headgate.proxy.admin.StatusPage;
import headgate.proxy.reload.Reload;
import headgate.proxy.reload.ReloadHistory;
import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.telemetry.ProxyMetrics;
import headgate.proxy.telemetry.ProxyState;
import headgate.proxy.telemetry.StatusDocument;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of a running gateway, and where: its readiness, its metrics, the table of pages.
 *
 * <p>Opened before the gateway's listeners and closed behind everything else, so that it can tell of both ends. Where another
 * process takes this one's place, that one tells from the moment it answers callers, and this one no more.
 */
final class Admin {
    private final ProxyServer server;
    private final ReloadHistory reloads = new ReloadHistory();
    private final Readiness readiness;
    private final ProxyMetrics metrics;
    private final @Nullable AdminConfig config;
    private final @Nullable AdminListener listener;
    private final Transport transport;

    private @Nullable Channel channel;
    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable Commands commands;

    private record Commands(Reload reload, Runnable drain) {}

    Admin(
            ProxyServer server,
            GatewayConfig config,
            Transport transport,
            Supplier<Gateway> gateway,
            FailedAttempts failures,
            AccessLog accessLog,
            @Nullable RedisLink redis)
            throws IOException {
        this.server = server;
        this.config = config.admin();
        this.transport = transport;
        this.readiness =
                new Readiness(() -> phase, redis, () -> gateway.get().filters().isKnown());
        ProxyState state = new ProxyState(
                () -> phase == Phase.SERVING,
                server::openConnections,
                server::heldBytes,
                server::quotas,
                failures,
                accessLog,
                reloads,
                redis);
        this.metrics = new ProxyMetrics(config.limits().metricSeries(), gateway, state);
        if (config.admin() == null) {
            this.listener = null;
        } else {
            EventLoopGroup loop = transport.loop("admin");
            StatusDocument status = new StatusDocument(metrics, gateway, state, loop.next());
            this.listener = new AdminListener(config.admin(), config.limits(), loop, pages(status));
        }
    }

    /** All that can be asked, one line for each page. */
    private List<AdminPage> pages(StatusDocument status) {
        List<AdminPage> pages = new ArrayList<>(StatusPage.of(status::text));
        pages.addAll(List.of(
                AdminPage.get("/livez", request -> AdminAnswer.text(200, "It lives."))
                        .toEverybody(),
                AdminPage.get("/readyz", request -> readiness.answer()).toEverybody(),
                AdminPage.get("/metrics", request -> MetricsPage.of(request, metrics::text)),
                AdminPage.get("/quota", request -> QuotaPage.of(request, server.quotas())),
                AdminPage.post("/explain", this::explain),
                AdminPage.getLater("/explain", this::lookUp),
                AdminPage.post("/reload", request -> reload()),
                AdminPage.post("/drain", request -> drain())));
        return pages;
    }

    private CompletionStage<AdminAnswer> explain(AdminRequest request) {
        return phase == Phase.STARTING ? starting() : server.explain(request);
    }

    private CompletionStage<AdminAnswer> lookUp(AdminRequest request) {
        return phase == Phase.STARTING ? starting() : server.lookUp(request);
    }

    private static CompletionStage<AdminAnswer> starting() {
        return CompletableFuture.completedStage(AdminAnswer.text(503, "It is still starting."));
    }

    private CompletionStage<AdminAnswer> reload() {
        Commands given = commands;
        return given == null
                ? starting()
                : given.reload.request(ReloadOutcome.Cause.COMMAND).thenApply(Admin::told);
    }

    private static AdminAnswer told(ReloadOutcome outcome) {
        return outcome.applied()
                ? AdminAnswer.text(200, "The configuration was reloaded.")
                : AdminAnswer.text(
                        422,
                        "The configuration was not reloaded, and the one before goes on:\n"
                                + String.join("\n", outcome.problems()));
    }

    private CompletionStage<AdminAnswer> drain() {
        Commands given = commands;
        if (given == null) {
            return starting();
        }
        given.drain.run();
        return CompletableFuture.completedStage(
                AdminAnswer.text(202, "It drains: open exchanges may finish, then it ends."));
    }

    /** What may be ordered from now on. */
    void commands(Reload reload, Runnable drain) {
        commands = new Commands(reload, drain);
    }

    /**
     * Answers from now on, where it is not switched off; on the socket of the process before this one not until
     * {@link #accept}, since that one still answers there.
     */
    void open(InheritedSockets inherited) throws IOException {
        if (listener != null && config != null) {
            int descriptor = inherited.take(InheritedSockets.name(config));
            channel = Listeners.bound(
                    listener.bind(() -> transport.newListener(descriptor), descriptor >= 0),
                    config.host(),
                    config.port());
        }
    }

    /** Answers from now on in any case. */
    void accept() {
        if (channel != null) {
            channel.config().setAutoRead(true);
        }
    }

    /** What a process that takes this one's place needs to answer here, by its name. */
    Map<String, Channel> sockets() {
        return channel == null || config == null ? Map.of() : Map.of(InheritedSockets.name(config), channel);
    }

    /** Another process answers here now, and has the socket: sends it whoever is connected. */
    void leave() {
        if (listener != null) {
            listener.leave();
        }
    }

    /** How far the gateway is. */
    void phase(Phase reached) {
        phase = reached;
    }

    /** What event loops are to count in. */
    ProxyMetrics metrics() {
        return metrics;
    }

    /** Where it is told that the configuration was read again. */
    ReloadHistory reloads() {
        return reloads;
    }

    /** Where it listens; null when it is switched off. */
    @Nullable
    InetSocketAddress address() {
        return channel == null ? null : (InetSocketAddress) channel.localAddress();
    }

    /** Ends it. */
    void close() {
        if (listener != null) {
            listener.close().syncUninterruptibly();
        }
    }
}
