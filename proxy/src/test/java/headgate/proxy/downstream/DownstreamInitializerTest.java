package headgate.proxy.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.AccessLogConfig;
import headgate.conf.AccessLogConfig.Target;
import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.conf.SourceConfig;
import headgate.filters.HeldBytes;
import headgate.filters.content.prompt.PromptScans;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.model.ScannerPool;
import headgate.filters.quota.LocalQuotaLedger;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Gateway;
import headgate.proxy.routing.LoopGateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.telemetry.LoopMetrics;
import headgate.proxy.upstream.UpstreamPool;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order of the pipeline is the journey; whoever changes it changes what can be relied upon. */
final class DownstreamInitializerTest {
    private static final String EXCHANGES =
            "exchange operation identity catalog body-rules model deployment extra-parameters quota prompt-filter usage relay last-resort";

    @Test
    void anExchangePassesTheHandlersInTheDocumentedOrder() throws Exception {
        assertThat(namesAfter("GET ")).isEqualTo("late-flush connection framing " + EXCHANGES);
    }

    @Test
    void aConnectionOfHttp2HasTheStreamsOnesBehindItsFrames() throws Exception {
        assertThat(namesAfter("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
                .isEqualTo("late-flush connection frame-check frames multiplex streams");
    }

    private static String namesAfter(String bytes) throws Exception {
        GatewayConfig config = ConfigLoader.load(
                "keys: { caller: a-key-of-the-caller }\ndeployments: { d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] } }\n",
                Path.of("test.yaml").toAbsolutePath(),
                Map.of());
        Gateway gateway = Gateway.of(config, new FailedAttempts(1), null);
        try (AccessLog log = new AccessLog(new AccessLogConfig(Target.OFF, null), 1)) {
            Map<EventLoop, LoopParts> loops = new HashMap<>();
            EmbeddedChannel channel = new EmbeddedChannel();
            DownstreamInitializer initializer = new DownstreamInitializer(
                    new FailedAttempts(1),
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
                            new PromptScans(),
                            new UpstreamPool(
                                    loop,
                                    NioSocketChannel.class,
                                    DefaultAddressResolverGroup.INSTANCE,
                                    config.limits(),
                                    deadlines),
                            new LoopGateway(gateway),
                            log.journal(loop, 4),
                            new LoopMetrics(1)));
            channel.pipeline().addLast(initializer);
            channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
            List<String> names = new ArrayList<>(channel.pipeline().names());
            names.removeIf(name -> name.contains("#"));
            channel.finishAndReleaseAll();
            return String.join(" ", names);
        }
    }
}
