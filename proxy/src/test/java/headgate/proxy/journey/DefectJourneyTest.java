package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.conf.SourceConfig;
import headgate.filters.HeldBytes;
import headgate.filters.content.prompt.PromptScans;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.model.ScannerPool;
import headgate.filters.quota.LocalQuotaLedger;
import headgate.filters.quota.QuotaStanding;
import headgate.proxy.downstream.Connections;
import headgate.proxy.downstream.DownstreamInitializer;
import headgate.proxy.downstream.LoopParts;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Gateway;
import headgate.proxy.routing.LoopGateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.telemetry.LoopMetrics;
import headgate.proxy.upstream.UpstreamPool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A defect of a handler in the middle of an exchange ends that, and settles what it had reserved once. */
class DefectJourneyTest {
    private static final int PROMPT = 10;
    private static final String STREAM = LimitedGateway.chat(4 * PROMPT, "\"max_tokens\":100,\"stream\":true,");

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private LocalQuotaLedger ledger = new LocalQuotaLedger(() -> 0, 10);

    @AfterEach
    void end() throws Exception {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get(30, TimeUnit.SECONDS);
    }

    @Test
    void inTheMiddleOfAnAnswerItIsChargedForWhatHadPassed() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(40) + "\"}}]}\n\n");
                    call.awaitClosed(20_000);
                });
                AccessLog log = new AccessLog(config(upstream).accessLog(), 1);
                RawCaller caller = new RawCaller(listen(upstream, log))) {
            caller.chat(STREAM);
            caller.readHead();
            caller.readChunk();
            expectUsed(1, PROMPT + 100, 1);
            fail();
            assertThat(caller.closedWithin(30_000)).isTrue();
            expectUsed(1, PROMPT + 10, 0);
        }
    }

    @Test
    void whileTheProviderThinksByThePrompt() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.awaitClosed(20_000));
                AccessLog log = new AccessLog(config(upstream).accessLog(), 1);
                RawCaller caller = new RawCaller(listen(upstream, log))) {
            caller.chat(STREAM);
            upstream.next();
            expectUsed(1, PROMPT + 100, 1);
            fail();
            assertThat(caller.read().status()).isEqualTo(500);
            expectUsed(1, PROMPT, 0);
        }
    }

    @Test
    void whatWasReservedBeforeAnythingWasSentIsGivenBack() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        // The first is when it begins, the second when room is taken, the third when room is booked.
        LongSupplier broken = () -> {
            if (readings.incrementAndGet() == 4) {
                throw new IllegalStateException("a defect");
            }
            return 0;
        };
        ledger = new LocalQuotaLedger(broken, 10);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(LimitedGateway.used(1, 1));
                AccessLog log = new AccessLog(config(upstream).accessLog(), 1);
                RawCaller caller = new RawCaller(listen(upstream, log))) {
            assertThat(caller.chat(STREAM).read().status()).isEqualTo(500);
            assertThat(upstream.waiting()).isZero();
            expectUsed(0, 0, 0);
        }
    }

    /** As a handler that throws does, in front of all others. */
    private void fail() throws Exception {
        Channel channel = accepted.get(30, TimeUnit.SECONDS);
        channel.eventLoop()
                .execute(() -> channel.pipeline().fireExceptionCaught(new IllegalStateException("a defect")));
    }

    private void expectUsed(long requests, long tokens, long open) {
        await().untilAsserted(() ->
                assertThat(ledger.standings()).extracting(QuotaStanding::used).containsExactly(requests, tokens, open));
        assertThat(ledger.standings())
                .extracting(QuotaStanding::reserved)
                .as("by what is in progress")
                .containsExactly(open * requests, open * tokens, open);
    }

    private static GatewayConfig config(ScriptedUpstream upstream) throws Exception {
        return ConfigLoader.load(
                """
                accessLog: off
                keys: { caller: %s }
                deployments:
                  gpt:
                    rateLimit: { requestsPerMinute: 100, tokensPerMinute: 1000, concurrent: 9 }
                    upstreams: [{ url: "%s/v1" }]
                """.formatted(TestGateway.KEY, upstream.url()),
                Path.of("test.yaml").toAbsolutePath(),
                Map.of());
    }

    /** Listens with the pipeline of the program, and this ledger. */
    private int listen(ScriptedUpstream upstream, AccessLog log) throws Exception {
        GatewayConfig config = config(upstream);
        FailedAttempts failures = new FailedAttempts(1);
        EventLoop loop = group.next();
        Deadlines deadlines = new Deadlines(loop);
        LoopParts parts = new LoopParts(
                deadlines,
                new Connections(new AtomicInteger(), 9),
                new ScannerPool(config.limits()),
                new PromptScans(),
                new UpstreamPool(
                        loop, NioSocketChannel.class, DefaultAddressResolverGroup.INSTANCE, config.limits(), deadlines),
                new LoopGateway(Gateway.of(config, failures, null)),
                log.journal(loop, 4),
                new LoopMetrics(1));
        DownstreamInitializer initializer = new DownstreamInitializer(
                failures, new HeldBytes(config.limits()), ledger, Map.of(loop, parts), null, SourceConfig.NONE);
        Channel listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.complete(channel);
                        channel.pipeline().addLast(initializer);
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }
}
