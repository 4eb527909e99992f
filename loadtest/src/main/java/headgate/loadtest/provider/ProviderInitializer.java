package headgate.loadtest.provider;

import headgate.loadtest.provider.Counters.Count;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/** Lists what stands between a connection's socket and its answers. */
public final class ProviderInitializer extends ChannelInitializer<Channel> {
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
        pipeline.addLast(new ByteCountHandler(counters));
        pipeline.addLast(new HttpServerCodec());
        // Closes after an answer that is delimited by it, or whose caller wanted it.
        pipeline.addLast(new HttpServerKeepAliveHandler());
        // Inside of it is only one exchange at a time, so a 100 cannot fall into the answer before.
        pipeline.addLast(new TurnHandler());
        pipeline.addLast(new HttpServerExpectContinueHandler());
        pipeline.addLast(new ExchangeHandler(pace, script, counters));
    }
}
