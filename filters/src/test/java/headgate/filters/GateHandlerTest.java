package headgate.filters;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.api.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** What every gate does: pass all on, or refuse by the head. */
final class GateHandlerTest {
    @Test
    void anExchangeThatMayPassGoesOnWithItsBody() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gate(false));
        ExchangeProbe probe = ExchangeProbe.on(channel);
        Exchange exchange = probe.exchange("POST /openai/v1/embeddings");
        ByteBuf part = channel.alloc().buffer().writeByte('x');
        channel.writeInbound(exchange, part, BodyEnd.INSTANCE);
        assertThat(channel.inboundMessages()).containsExactly(exchange, part, BodyEnd.INSTANCE);
        assertThat(probe.errors()).isEmpty();
        channel.finishAndReleaseAll();
    }

    @Test
    void aRefusedExchangeIsItsOwnersAndGoesNoFurther() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gate(true));
        ExchangeProbe probe = ExchangeProbe.on(channel);
        channel.writeInbound(probe.exchange("POST /openai/v1/embeddings"));
        assertThat(probe.errors())
                .singleElement()
                .extracting(ProxyError::getMessage)
                .isEqualTo("no");
        assertThat(channel.inboundMessages()).isEmpty();
        channel.finishAndReleaseAll();
    }

    private static final class Gate extends GateHandler {
        private final boolean refuses;

        Gate(boolean refuses) {
            this.refuses = refuses;
        }

        @Override
        protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
            if (refuses) {
                throw ProxyError.of(ProxyError.Kind.BAD_REQUEST, "no");
            }
        }
    }
}
