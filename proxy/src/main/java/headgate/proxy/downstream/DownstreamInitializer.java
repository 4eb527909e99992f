package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.filters.Downstream;
import headgate.filters.HeldBytes;
import headgate.filters.ReadControl;
import headgate.filters.identity.IdentityHandler;
import headgate.filters.model.CatalogHandler;
import headgate.filters.model.DeploymentHandler;
import headgate.filters.model.ExtraParametersHandler;
import headgate.filters.model.ModelHandler;
import headgate.filters.usage.UsageHandler;
import headgate.proxy.routing.Gateway;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The journey of an exchange, as a list: each line is a handler, with the reason for its place.
 *
 * <p>Requests go down the list, answers come up.
 */
public final class DownstreamInitializer extends ChannelInitializer<Channel> {
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
    /** It exists, and does this operation. */
    public static final String DEPLOYMENT = "deployment";
    /** Fields the surface does not know; the deployment has the default. */
    public static final String EXTRA_PARAMETERS = "extra-parameters";
    /** (write) Looks on as the answer passes; nearest to the relay, so that all gates in front know the usage. */
    public static final String USAGE = "usage";
    /** To the upstream and back. */
    public static final String RELAY = "relay";
    /** What nobody else dealt with. */
    public static final String LAST_RESORT = "last-resort";

    private final Supplier<Gateway> gateway;
    private final LimitsConfig limits;
    private final HeldBytes heldBytes;
    private final Map<EventLoop, LoopParts> loops;
    private final @Nullable SslContext tls;

    /**
     * An initializer for the connections of one listener.
     *
     * @param gateway the configuration in force; asked for each exchange
     * @param loops the parts of each event loop
     * @param tls the listener's certificate; null for plain HTTP
     */
    public DownstreamInitializer(
            Supplier<Gateway> gateway,
            LimitsConfig limits,
            HeldBytes heldBytes,
            Map<EventLoop, LoopParts> loops,
            @Nullable SslContext tls) {
        this.gateway = gateway;
        this.limits = limits;
        this.heldBytes = heldBytes;
        this.loops = loops;
        this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
        LoopParts loop = loops.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("a connection on an event loop that is not ours");
        }
        Downstream downstream = new Downstream(new ReadControl(channel), channel.remoteAddress());
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            SslHandler handler = tls.newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(limits.headerTime().toMillis());
            pipeline.addLast(TLS, handler);
        }
        pipeline.addLast(
                CONNECTION,
                new ConnectionHandler(
                        limits,
                        loop,
                        () -> http11(channel, loop, downstream),
                        () -> http2(pipeline, loop, downstream),
                        tls != null));
    }

    private ConnectionHandler.Protocol http11(Channel channel, LoopParts loop, Downstream downstream) {
        FramingHandler framing = new FramingHandler(limits, loop.deadlines(), loop.connections(), downstream.reads());
        channel.pipeline().addLast(FRAMING, framing);
        exchanges(channel.pipeline(), loop, downstream, framing);
        return framing;
    }

    private ConnectionHandler.Protocol http2(ChannelPipeline pipeline, LoopParts loop, Downstream connection) {
        Http2FrameCodec codec = StreamsHandler.codec(limits);
        StreamsHandler streams = new StreamsHandler(limits, loop.deadlines());
        pipeline.addLast(FRAME_CHECK, new FrameCheckHandler(limits, loop.deadlines(), codec));
        pipeline.addLast(FRAMES, codec);
        pipeline.addLast(MULTIPLEX, new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                Downstream downstream = new Downstream(new ReadControl(stream), connection.source());
                downstream.certificate(connection.certificate());
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
        ExchangeHandler exchanges = new ExchangeHandler(framing, downstream, loop.journal());
        pipeline.addLast(EXCHANGE, exchanges);
        pipeline.addLast(OPERATION, new OperationHandler());
        pipeline.addLast(IDENTITY, new IdentityHandler(() -> gateway.get().keys(), heldBytes, limits.pipelinedBytes()));
        pipeline.addLast(CATALOG, new CatalogHandler(() -> gateway.get().deployments()));
        pipeline.addLast(BODY_RULES, new BodyRulesHandler(limits.bodyBytes()));
        pipeline.addLast(MODEL, new ModelHandler(loop.scanners(), heldBytes));
        pipeline.addLast(DEPLOYMENT, new DeploymentHandler(() -> gateway.get().deployments()));
        pipeline.addLast(EXTRA_PARAMETERS, new ExtraParametersHandler());
        pipeline.addLast(USAGE, new UsageHandler());
        pipeline.addLast(RELAY, new RelayHandler(() -> gateway.get().routes(), loop.upstreams(), limits, heldBytes));
        pipeline.addLast(LAST_RESORT, new LastResortHandler(exchanges));
    }
}
