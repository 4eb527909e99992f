package headgate.proxy.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.AccessLogConfig;
import headgate.conf.AccessLogConfig.Target;
import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.conf.SourceConfig;
import headgate.filters.HeldBytes;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.model.ScannerPool;
import headgate.filters.quota.LocalQuotaLedger;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Gateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order of the pipeline is the journey; whoever changes it changes what can be relied upon. */
final class DownstreamInitializerTest {
    @Test
    void anExchangePassesTheHandlersInTheDocumentedOrder() throws Exception {
        GatewayConfig config = ConfigLoader.load(
                "keys: { caller: a-key-of-the-caller }\ndeployments: { d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] } }\n",
                Path.of("test.yaml").toAbsolutePath(),
                Map.of());
        Gateway gateway = Gateway.of(config, new FailedAttempts(1), null);
        try (AccessLog log = new AccessLog(new AccessLogConfig(Target.OFF, null), 1)) {
            Map<EventLoop, LoopParts> loops = new HashMap<>();
            EmbeddedChannel channel = new EmbeddedChannel();
            DownstreamInitializer initializer = new DownstreamInitializer(
                    () -> gateway,
                    new FailedAttempts(1),
                    config.limits(),
                    new HeldBytes(config.limits()),
                    new LocalQuotaLedger(System::nanoTime, 1),
                    loops,
                    null,
                    SourceConfig.NONE);
            EventLoop loop = channel.eventLoop();
            Deadlines deadlines = new Deadlines(loop);
            loops.put(
                    loop,
                    new LoopParts(
                            deadlines,
                            new Connections(new AtomicInteger(), 1),
                            new ScannerPool(config.limits()),
                            new UpstreamPool(
                                    loop,
                                    NioSocketChannel.class,
                                    DefaultAddressResolverGroup.INSTANCE,
                                    config.limits(),
                                    deadlines),
                            log.journal(loop)));
            channel.pipeline().addLast(initializer);
            assertThat(channel.pipeline().names())
                    .startsWith(
                            DownstreamInitializer.FRAMING,
                            DownstreamInitializer.EXCHANGE,
                            DownstreamInitializer.OPERATION,
                            DownstreamInitializer.IDENTITY,
                            DownstreamInitializer.CATALOG,
                            DownstreamInitializer.BODY_RULES,
                            DownstreamInitializer.MODEL,
                            DownstreamInitializer.DEPLOYMENT,
                            DownstreamInitializer.EXTRA_PARAMETERS,
                            DownstreamInitializer.QUOTA,
                            DownstreamInitializer.USAGE,
                            DownstreamInitializer.RELAY,
                            DownstreamInitializer.LAST_RESORT);
            channel.finishAndReleaseAll();
        }
    }
}
