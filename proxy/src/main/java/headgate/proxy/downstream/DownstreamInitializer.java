package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.conf.SourceConfig;
import headgate.conf.SourceConfig.Forwarded;
import headgate.filters.Downstream;
import headgate.filters.HeldBytes;
import headgate.filters.ReadControl;
import headgate.filters.content.prompt.PolicyChoice;
import headgate.filters.content.prompt.PromptFilterHandler;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.identity.IdentityHandler;
import headgate.filters.model.CatalogHandler;
import headgate.filters.model.DeploymentHandler;
import headgate.filters.model.ExtraParametersHandler;
import headgate.filters.model.ModelHandler;
import headgate.filters.quota.QuotaHandler;
import headgate.filters.quota.QuotaLedger;
import headgate.filters.usage.UsageHandler;
import headgate.proxy.loop.LateFlushHandler;
import headgate.proxy.routing.ExchangeGateway;
import headgate.proxy.source.ProxyProtocolHandler;
import headgate.proxy.source.SourceHandler;
import headgate.proxy.tls.ListenerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The journey of an exchange, as a list: each line is a handler, with the reason for its place.
 *
 * <p>Requests go down the list, answers come up.
 */
public final class DownstreamInitializer extends ChannelInitializer<Channel> {
    /** Sends together what one turn of the loop has for many callers. */
    public static final String LATE_FLUSH = "late-flush";
    /** For whom a trusted balancer speaks, where it says so: in front of TLS, which it does not end. */
    public static final String PROXY_PROTOCOL = "proxy-protocol";
    /** TLS, where the listener has a certificate: everything behind it sees plain bytes. */
    public static final String TLS = "tls";
    /** Counts the connection; finds out which protocol is spoken, and puts what follows in place. */
    public static final String CONNECTION = "connection";
    /** HTTP/2: frames that may not come, or not so often; in front of the codec, which would deal with them. */
    public static final String FRAME_CHECK = "frame-check";
    /** HTTP/2: frames, their compression and their flow control. */
    public static final String FRAMES = "frames";
    /** HTTP/2: a channel for each stream, with all that follows. */
    public static final String MULTIPLEX = "multiplex";
    /** HTTP/2: the streams that are open, the end of the connection, and what nobody else dealt with. */
    public static final String STREAMS = "streams";
    /** Unambiguous HTTP, or the connection ends. One request is let in at a time. */
    public static final String FRAMING = "framing";
    /** A new exchange; the clock starts. The last to see an answer, so that it counts all of it and ends the exchange. */
    public static final String EXCHANGE = "exchange";
    /** Whose request a trusted proxy passes on, where it says so: in front of all that asks where an exchange is from. */
    public static final String SOURCE = "source";
    /** Which operation? Before the identity: an unknown path costs nothing. */
    public static final String OPERATION = "operation";
    /** Who? Needs the head only, and nothing of the body is accepted before. */
    public static final String IDENTITY = "identity";
    /** What the gateway answers itself; needs no body and no deployment. */
    public static final String CATALOG = "catalog";
    /** May a body come? Says 100 Continue, which only known callers hear. */
    public static final String BODY_RULES = "body-rules";
    /** Which deployment? Reads the body as it passes, and keeps it until the name is known. */
    public static final String MODEL = "model";
    /** It exists, the principal may use it, and it does this operation. */
    public static final String DEPLOYMENT = "deployment";
    /** Fields the surface does not know; the deployment has the default. */
    public static final String EXTRA_PARAMETERS = "extra-parameters";
    /** Is there room? Behind what refuses for nothing; (write) counts what passes, and settles when the usage is known. */
    public static final String QUOTA = "quota";
    /** May this be said? Judging costs, so it comes behind what refuses for less. */
    public static final String PROMPT_FILTER = "prompt-filter";
    /** (write) Looks on as the answer passes; nearest to the relay, so that all gates in front know the usage. */
    public static final String USAGE = "usage";
    /** To the upstream and back. */
    public static final String RELAY = "relay";
    /** What nobody else dealt with. */
    public static final String LAST_RESORT = "last-resort";

    private final FailedAttempts failures;
    private final HeldBytes heldBytes;
    private final QuotaLedger ledger;
    private final Map<EventLoop, LoopParts> loops;
    private final @Nullable ListenerTls tls;
    private final SourceConfig source;

    /**
     * An initializer for the connections of one listener.
     *
     * @param failures of callers to say who they are; of the whole process
     * @param ledger of all listeners
     * @param loops the parts of each event loop
     * @param tls the listener's certificates; null for plain HTTP
     * @param source who is believed when it says for whom it speaks
     */
    public DownstreamInitializer(
            FailedAttempts failures,
            HeldBytes heldBytes,
            QuotaLedger ledger,
            Map<EventLoop, LoopParts> loops,
            @Nullable ListenerTls tls,
            SourceConfig source) {
        this.failures = failures;
        this.heldBytes = heldBytes;
        this.ledger = ledger;
        this.loops = loops;
        this.tls = tls;
        this.source = source;
    }

    @Override
    protected void initChannel(Channel channel) {
        LoopParts loop = loops.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("a connection on an event loop that is not ours");
        }
        // A connection goes on with what held for it when it began.
        LimitsConfig limits = loop.gateway().current().limits();
        Downstream downstream = new Downstream(new ReadControl(channel), channel.remoteAddress());
        downstream.secure(tls != null);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(LATE_FLUSH, new LateFlushHandler());
        if (source.proxyProtocol() && SourceHandler.trusts(source, channel.remoteAddress())) {
            pipeline.addLast(PROXY_PROTOCOL, new ProxyProtocolHandler(limits, downstream));
        }
        if (tls != null) {
            pipeline.addLast(TLS, tls.newHandler(downstream));
        }
        pipeline.addLast(
                CONNECTION,
                new ConnectionHandler(
                        limits,
                        loop,
                        () -> http11(channel, loop, downstream, limits),
                        () -> http2(pipeline, loop, downstream, limits),
                        tls != null));
    }

    private ConnectionHandler.Protocol http11(
            Channel channel, LoopParts loop, Downstream downstream, LimitsConfig limits) {
        FramingHandler framing = new FramingHandler(limits, loop.deadlines(), loop.connections(), downstream.reads());
        channel.pipeline().addLast(FRAMING, framing);
        exchanges(channel.pipeline(), loop, downstream, framing);
        return framing;
    }

    private ConnectionHandler.Protocol http2(
            ChannelPipeline pipeline, LoopParts loop, Downstream connection, LimitsConfig limits) {
        Http2FrameCodec codec = StreamsHandler.codec(limits);
        StreamsHandler streams = new StreamsHandler(limits, loop.deadlines());
        pipeline.addLast(FRAME_CHECK, new FrameCheckHandler(limits, loop.deadlines(), codec));
        pipeline.addLast(FRAMES, codec);
        pipeline.addLast(MULTIPLEX, new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                Downstream downstream = new Downstream(new ReadControl(stream), connection.source());
                downstream.certificate(connection.certificate());
                downstream.secure(connection.secure());
                StreamFramingHandler framing =
                        new StreamFramingHandler(limits, loop.deadlines(), streams, downstream.reads());
                stream.pipeline().addLast(FRAMING, framing);
                exchanges(stream.pipeline(), loop, downstream, framing);
            }
        }));
        pipeline.addLast(STREAMS, streams);
        return streams;
    }

    private void exchanges(ChannelPipeline pipeline, LoopParts loop, Downstream downstream, Framing framing) {
        // Of one configuration from an exchange's head to its end: whoever is behind asks this one.
        ExchangeGateway gateway = new ExchangeGateway(loop.gateway());
        ExchangeHandler exchanges = new ExchangeHandler(framing, downstream, gateway, loop.journal(), loop.metrics());
        pipeline.addLast(EXCHANGE, exchanges);
        if (source.forwarded() != Forwarded.OFF) {
            pipeline.addLast(SOURCE, new SourceHandler(source));
        }
        addGates(pipeline, loop, gateway, deployment -> gateway.get().filters().of(deployment));
        pipeline.addLast(USAGE, new UsageHandler());
        pipeline.addLast(RELAY, new RelayHandler(gateway, loop.upstreams(), heldBytes));
        pipeline.addLast(LAST_RESORT, new LastResortHandler(exchanges));
    }

    /**
     * All that may refuse an exchange; the same for callers, and for a dry run that only asks.
     *
     * @param policies which content filter a deployment has
     */
    public void addGates(ChannelPipeline pipeline, LoopParts loop, ExchangeGateway gateway, PolicyChoice policies) {
        LimitsConfig limits = loop.gateway().current().limits();
        pipeline.addLast(OPERATION, new OperationHandler());
        pipeline.addLast(
                IDENTITY,
                new IdentityHandler(() -> gateway.get().identifier(), failures, heldBytes, limits.pipelinedBytes()));
        pipeline.addLast(
                CATALOG,
                new CatalogHandler(
                        () -> gateway.get().deployments(), () -> gateway.get().permissions()));
        pipeline.addLast(
                BODY_RULES, new BodyRulesHandler(() -> gateway.get().limits().bodyBytes()));
        pipeline.addLast(MODEL, new ModelHandler(loop.scanners(), heldBytes));
        pipeline.addLast(
                DEPLOYMENT,
                new DeploymentHandler(
                        () -> gateway.get().deployments(), () -> gateway.get().permissions()));
        pipeline.addLast(EXTRA_PARAMETERS, new ExtraParametersHandler());
        pipeline.addLast(
                QUOTA,
                new QuotaHandler(
                        ledger,
                        () -> gateway.get().principalLimits(),
                        heldBytes,
                        () -> gateway.get().limits().heldBytes(),
                        limits.pipelinedBytes()));
        pipeline.addLast(
                PROMPT_FILTER, new PromptFilterHandler(policies, loop.promptScans(), limits, heldBytes, QUOTA));
    }
}
