package headgate.filters.usage;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.AnswerEnd;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.Usage;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler that looks on as the answer passes. */
final class UsageHandlerTest {
    private static final String CHAT = "POST /openai/v1/chat/completions";
    private static final String SSE = "content-type: text/event-stream";
    private static final String EVENT =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
    private static final Usage COUNTED = new Usage(3, 4, -1, -1);

    private final EmbeddedChannel channel = new EmbeddedChannel(new UsageHandler());
    private final ExchangeProbe probe = ExchangeProbe.on(channel);

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void theUsageOfAnAnswerIsKnownWhenItsLastByteHasPassed() {
        Exchange exchange = open(CHAT, false);
        write(head(200, "content-length: 50"));
        write(bytes("{\"usage\":{\"prompt_tokens\":3,\"compl"));
        assertThat(exchange.usage()).isNull();
        write(bytes("etion_tokens\":4}}"));
        assertThat(exchange.usage()).isEqualTo(COUNTED);
        assertThat(passed()).isEqualTo("200/50{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
    }

    @Test
    void theEventOfACallerWhoAskedForItPasses() {
        Exchange exchange = open(CHAT, false);
        write(head(200, SSE));
        write(bytes(EVENT + "data: [DONE]\n\n"));
        assertThat(passed()).isEqualTo("200/-1" + EVENT + "data: [DONE]\n\n");
        assertThat(exchange.usage()).isEqualTo(COUNTED);
    }

    @Test
    void theEventThatOnlyTheGatewayAskedForIsTakenOutAndTheLengthIsNoLongerTold() {
        Exchange exchange = open(CHAT, true);
        write(head(200, SSE, "content-length: 999"));
        write(bytes("data: 1\n\ndata: {\"choices\":[],\"usa"));
        write(bytes("ge\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\ndata: [DO"));
        write(bytes("NE]\n"));
        channel.writeOutbound(AnswerEnd.INSTANCE);
        assertThat(passed()).isEqualTo("200/-1data: 1\n\ndata: [DONE]\n.");
        assertThat(exchange.usage()).isEqualTo(COUNTED);
    }

    @Test
    void anAnswerThatDoesNotStreamAfterAllPassesWhole() {
        Exchange exchange = open(CHAT, true);
        write(head(200, "content-type: application/json", "content-length: 9"));
        write(bytes("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n"));
        assertThat(passed()).startsWith("200/9{\"choices\"");
        assertThat(exchange.usage()).isEqualTo(COUNTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-encoding: gzip", "content-encoding: identity"})
    void anEncodedAnswerIsNotLookedAt(String encoding) {
        Exchange exchange = open(CHAT, true);
        write(head(200, SSE, encoding));
        write(bytes(EVENT));
        assertThat(passed()).isEqualTo("200/-1" + EVENT);
        assertThat(exchange.usage()).isNull();
    }

    @Test
    void soundAndErrorsAreNotLookedAt() {
        Exchange speech = open("POST /openai/v1/audio/speech", false);
        write(head(200, "content-type: audio/mpeg"));
        write(bytes(EVENT));
        assertThat(speech.usage()).isNull();
        probe.end();

        Exchange refused = open(CHAT, true);
        write(head(429, SSE));
        write(bytes(EVENT));
        assertThat(refused.usage()).isNull();
        assertThat(passed()).endsWith("429/-1" + EVENT);
    }

    @Test
    void anInterimAnswerDecidesNothing() {
        Exchange exchange = open(CHAT, true);
        write(head(103, SSE));
        write(head(500, "content-type: application/json"));
        write(bytes(EVENT));
        assertThat(passed())
                .as("the error is not looked at, so nothing is cut out of it")
                .isEqualTo("103/-1500/-1" + EVENT);
        assertThat(exchange.usage()).isNull();
    }

    @Test
    void aCallerWhoLeavesInTheMiddleOfAnEventLeavesNothingBehindForTheNext() {
        open(CHAT, true);
        write(head(200, SSE));
        write(bytes("data: {\"usage\":{\"prompt_tokens\":3,"));
        probe.end();
        write(bytes("late"));

        Exchange next = open(CHAT, true);
        write(head(200, SSE));
        write(bytes("\"completion_tokens\":4}}\n\n"));
        assertThat(next.usage()).isNull();
        assertThat(passed()).isEqualTo("200/-1late200/-1\"completion_tokens\":4}}\n\n");
    }

    @Test
    void aPipelineThatIsTornDownLetsGoOfWhatIsHeld() {
        open(CHAT, true);
        write(head(200, SSE));
        write(bytes("data: half"));
        channel.pipeline().removeFirst();
        assertThat(passed()).isEqualTo("200/-1");
    }

    private Exchange open(String methodAndTarget, boolean asksUsage) {
        Exchange exchange = probe.exchange(methodAndTarget);
        exchange.asksUsage(asksUsage);
        channel.writeInbound(exchange);
        return exchange;
    }

    private void write(Object message) {
        channel.writeOutbound(message);
    }

    private ByteBuf bytes(String text) {
        return ByteBufUtil.writeUtf8(channel.alloc(), text);
    }

    private static AnswerHead head(int status, String... fields) {
        String text = "HTTP/1.1 " + status + " X\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
        try {
            return AnswerHead.parse(text.getBytes(StandardCharsets.US_ASCII), 10);
        } catch (FramingException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** All that passed towards the caller: heads as status and length, the body, and a full stop for the answer's end. */
    private String passed() {
        StringBuilder text = new StringBuilder();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            if (message instanceof ByteBuf part) {
                text.append(part.toString(StandardCharsets.UTF_8));
                part.release();
            } else if (message instanceof AnswerHead head) {
                text.append(head.status()).append('/').append(head.contentLength());
            } else {
                text.append('.');
            }
        }
        return text.toString();
    }
}
