package headgate.loadtest.provider;

import headgate.loadtest.measure.ByteCountHandler;
import headgate.loadtest.provider.Counters.Count;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/** Lists what stands between a connection's socket and its answers. */
public final class ProviderInitializer extends ChannelInitializer<Channel> {
    private static final int STREAMS_MAX = 10_000;
    private static final int WINDOW_BYTES = 1 << 20;

    private final @Nullable SslContext tls;
    private final Pace pace;
    private final Counters counters;
    private final FaultScript script = new FaultScript();

    public ProviderInitializer(@Nullable SslContext tls, Pace pace, Counters counters) {
        this.tls = tls;
        this.pace = pace;
        this.counters = counters;
    }

    @Override
    protected void initChannel(Channel channel) {
        counters.add(Count.CONNECTIONS, 1);
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast(tls.newHandler(channel.alloc()));
        }
        // A SlowDripHandler comes and goes here: outside TLS it would only slow the records.
        pipeline.addLast(new ByteCountHandler(
                bytes -> counters.add(Count.BYTES_IN, bytes), bytes -> counters.add(Count.BYTES_OUT, bytes)));
        pipeline.addLast(new ProtocolHandler(this::http11, this::http2));
    }

    private void http11(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpServerCodec());
        // Closes after an answer that is delimited by it, or whose caller wanted it.
        pipeline.addLast(new HttpServerKeepAliveHandler());
        // Inside of it is only one exchange at a time, so a 100 cannot fall into the answer before.
        pipeline.addLast(new TurnHandler());
        pipeline.addLast(new HttpServerExpectContinueHandler());
        pipeline.addLast(new ExchangeHandler(pace, script, counters));
    }

    private void http2(ChannelPipeline pipeline) {
        pipeline.addLast(Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS_MAX)
                        .initialWindowSize(WINDOW_BYTES))
                // Callers who leave are what it is there for.
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                .gracefulShutdownTimeoutMillis(0)
                .build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                // To the exchange a stream looks like a connection that is used once.
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                stream.pipeline().addLast(new ExchangeHandler(pace, script, counters));
            }
        }));
    }
}
