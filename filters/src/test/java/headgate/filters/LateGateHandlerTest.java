package headgate.filters;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.api.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gate may take its time: what comes meanwhile waits, and goes on in order, or is let go. */
final class LateGateHandlerTest {
    private static final int WAITING_BYTES = 8;

    private final HeldBytes heldBytes =
            new HeldBytes(Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }")
                    .limits());
    private final Gate gate = new Gate(heldBytes);
    private final EmbeddedChannel channel = new EmbeddedChannel(gate);
    private final ExchangeProbe probe = ExchangeProbe.on(channel);
    private final Exchange exchange = probe.exchange("POST /openai/v1/chat/completions");

    /** Decides when the test says so. */
    private static final class Gate extends LateGateHandler {
        private final List<Exchange> asked = new ArrayList<>();
        private final List<Exchange> askedAtEnd = new ArrayList<>();
        private final List<Exchange> over = new ArrayList<>();

        Gate(HeldBytes heldBytes) {
            super(heldBytes, WAITING_BYTES);
        }

        @Override
        protected void judge(ChannelHandlerContext ctx, Exchange exchange) {
            asked.add(exchange);
        }

        @Override
        protected void judgeEnd(ChannelHandlerContext ctx, Exchange exchange) {
            askedAtEnd.add(exchange);
        }

        @Override
        protected void over(Exchange exchange) {
            over.add(exchange);
        }
    }

    @AfterEach
    void nothingIsHeld() {
        channel.finishAndReleaseAll();
        assertThat(heldBytes.held()).isZero();
    }

    @Test
    void whatComesBeforeTheDecisionGoesOnBehindItInOrder() {
        channel.writeInbound(exchange, part("ab"), part("cd"), BodyEnd.INSTANCE);
        assertThat(channel.inboundMessages()).isEmpty();

        gate.pass(exchange);

        assertThat(passed()).isEqualTo("exchange abcd");
        assertThat(gate.askedAtEnd).containsExactly(exchange);
        gate.passEnd(exchange);
        assertThat(passed()).isEqualTo("end");
    }

    @Test
    void whatComesAfterTheDecisionGoesOnAtOnce() {
        channel.writeInbound(exchange);
        gate.pass(exchange);
        channel.writeInbound(part("ab"));
        assertThat(passed()).isEqualTo("exchange ab");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(passed()).isEmpty();
        gate.passEnd(exchange);
        assertThat(passed()).isEqualTo("end");
    }

    @Test
    void aCallerThatLeavesMeanwhileCostsNothingAndTheLateDecisionChangesNothing() {
        channel.writeInbound(exchange, part("abcdefghijk"));
        probe.end();
        assertThat(heldBytes.held()).isZero();

        gate.pass(exchange);
        gate.passEnd(exchange);

        assertThat(channel.inboundMessages()).isEmpty();
        assertThat(gate.over).containsExactly(exchange);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void aDecisionAboutAnEarlierExchangeIsNotOneAboutThis() {
        channel.writeInbound(exchange);
        probe.end();
        Exchange next = probe.exchange("POST /openai/v1/chat/completions");
        channel.writeInbound(next);
        gate.pass(exchange);
        assertThat(channel.inboundMessages()).isEmpty();
        gate.pass(next);
        gate.pass(next);
        assertThat(channel.inboundMessages()).as("and one decision is enough").containsExactly(next);
    }

    @Test
    void readingPausesAboveTheBoundAndGoesOnWithTheDecision() {
        channel.writeInbound(exchange, part("x".repeat(WAITING_BYTES)));
        assertThat(channel.config().isAutoRead()).as("at the bound").isTrue();
        channel.writeInbound(part("y"));
        assertThat(channel.config().isAutoRead()).as("above it").isFalse();
        gate.pass(exchange);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(passed()).isEqualTo("exchange xxxxxxxxy");
    }

    @Test
    void aLateRefusalLetsGoOfWhatWaited() {
        channel.writeInbound(exchange, part("abcdefghijk"));
        exchange.fail(ProxyError.of(ProxyError.Kind.INVALID_KEY, "no"));
        assertThat(heldBytes.held()).isZero();
        assertThat(probe.errors()).hasSize(1);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    private String passed() {
        StringBuilder all = new StringBuilder();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof ByteBuf part) {
                all.append(part.toString(StandardCharsets.US_ASCII));
                part.release();
            } else {
                all.append(message == BodyEnd.INSTANCE ? "end" : "exchange ");
            }
        }
        return all.toString();
    }

    private static ByteBuf part(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
