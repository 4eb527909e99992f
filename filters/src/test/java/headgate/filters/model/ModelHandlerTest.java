package headgate.filters.model;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.LimitsConfig;
import headgate.filters.BodyEnd;
import headgate.filters.Configured;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.HeldBytes;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler that reads the body as it passes, and opens the way when the deployment's name is known. */
final class ModelHandlerTest {
    private static final String V1 = "POST /openai/v1/chat/completions";
    private static final String MODELS = "POST /models/chat/completions?api-version=2024-05-01";
    private static final String NAMED = "POST /openai/deployments/by-path/chat/completions?api-version=2024-10-21";
    private static final LimitsConfig LIMITS = Configured.limits(1000, 3000);

    private final HeldBytes heldBytes = new HeldBytes(LIMITS);
    private final ScannerPool scanners = new ScannerPool(LIMITS);
    private final EmbeddedChannel channel = new EmbeddedChannel(new ModelHandler(scanners, heldBytes));
    private final ExchangeProbe probe = ExchangeProbe.on(channel);

    @AfterEach
    void nothingIsLeft() {
        probe.end();
        channel.finishAndReleaseAll();
        assertThat(heldBytes.held()).as("held bytes").isZero();
    }

    @Test
    void theWayOpensAsSoonAsTheNameIsKnown() {
        Exchange exchange = open(V1);
        write("{\"n\":1,\"model\":\"gp");
        assertThat(passed()).isEmpty();
        assertThat(heldBytes.held()).isPositive();
        write("t\",\"x\":");
        assertThat(passed()).isEqualTo("<gpt>{\"n\":1,\"model\":\"gpt\",\"x\":");
        assertThat(heldBytes.held()).as("all was passed on").isZero();
        write("2}");
        assertThat(passed()).isEqualTo("2}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(passed()).isEqualTo(".");
        assertThat(exchange.scan())
                .isNotNull()
                .extracting(JsonScanner::memberCount)
                .isEqualTo(3);
    }

    @Test
    void aNameInThePathWinsAndTheBodyIsReadAllTheSame() {
        open(NAMED);
        assertThat(passed()).isEqualTo("<by-path>");
        write("{\"model\":\"other\"}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(passed()).isEqualTo("{\"model\":\"other\"}.");
    }

    @ParameterizedTest
    @CsvSource({
        "x-ms-model-mesh-model-name: a, <a>",
        "azureml-model-deployment: b, <b>",
        "'azureml-model-deployment: b\r\nx-ms-model-mesh-model-name: a', <a>",
        "'x-ms-model-mesh-model-name:\r\nazureml-model-deployment: b', <b>",
    })
    void onTheModelsSurfaceAHeaderNamesItWhereTheBodyDoesNot(String fields, String name) {
        open(MODELS, fields);
        write("{\"model\":null}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(passed()).isEqualTo(name + "{\"model\":null}.");
    }

    @Test
    void theBodysNameWinsOverAHeader() {
        open(MODELS, "x-ms-model-mesh-model-name: a");
        write("{\"model\":\"b\"}");
        assertThat(passed()).isEqualTo("<b>{\"model\":\"b\"}");
    }

    @ParameterizedTest
    @CsvSource({MODELS + ", NO_MODEL_NAME", V1 + ", BAD_REQUEST"})
    void aBodyWithoutANameIsRefusedAtItsEnd(String target, Kind kind) {
        open(target, target.equals(V1) ? "x-ms-model-mesh-model-name: a" : "x: y");
        write("{}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(probe.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.kind()).isEqualTo(kind));
        assertThat(passed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":x",
                "{\"model\":\"a\"}x",
                "[",
                "\u00ef\u00bb\u00bf{",
                "{\"model\":\"a\",\"model\":\"a\"}",
                "{\"model\":1}"
            })
    void whatIsNotJsonIsRefusedAtItsByte(String body) {
        open(V1);
        write(body);
        assertThat(probe.errors()).singleElement().satisfies(error -> {
            assertThat(error.kind()).isEqualTo(Kind.BAD_REQUEST);
            assertThat(error.getMessage()).matches("The body cannot be read at byte \\d+: .*");
        });
    }

    @Test
    void aDocumentThatIsNotCompleteIsRefusedAtItsEnd() {
        open(V1);
        write("{\"model\":\"a\"");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(probe.errors()).hasSize(1);
        assertThat(passed()).as("the body's end does not pass").isEqualTo("<a>{\"model\":\"a\"");
    }

    @ParameterizedTest(name = "{0} bytes in front of the name, refused: {1}")
    @CsvSource({"991, false", "992, true"})
    void whatIsHeldForAnUnknownNameHasItsBound(int bytes, boolean refused) {
        open(V1);
        write("{" + " ".repeat(bytes - 1));
        write("\"x\":1,   ");
        assertThat(probe.errors()).hasSize(refused ? 1 : 0);
        if (refused) {
            assertThat(probe.errors().get(0).kind()).isEqualTo(Kind.BODY_TOO_LARGE);
        }
    }

    @Test
    void aCallerWhoLeavesWhileTheNameIsUnknownLeavesNothingBehind() {
        Exchange exchange = open(V1);
        JsonScanner scan = exchange.scan();
        write("{\"messages\":");
        probe.end();
        assertThat(heldBytes.held()).isZero();
        assertThat(exchange.scan()).isNull();
        assertThat(scanners.take())
                .as("the scanner is used again, from its beginning")
                .isSameAs(scan);
        assertThat(scan).isNotNull().extracting(JsonScanner::offset).isEqualTo(0L);
    }

    @Test
    void aPartThatComesLateIsNotKept() {
        open(V1);
        write("{\"a\":x");
        write("late");
        assertThat(passed()).as("those behind know that nothing is open").isEqualTo("late");
        assertThat(heldBytes.held()).isZero();
    }

    @Test
    void aGateBehindThatRefusesGetsNothingOfTheBody() {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof Exchange) {
                    probe.end();
                } else {
                    ctx.fireChannelRead(message);
                }
            }
        });
        open(V1);
        write("{\"messages\":[],");
        write("\"model\":\"a\"}");
        assertThat(passed()).isEmpty();
    }

    @Test
    void oneExchangeAfterTheOtherIsReadAnew() {
        open(V1);
        write("{\"model\":\"a\"}");
        channel.writeInbound(BodyEnd.INSTANCE);
        probe.end();
        open(V1);
        write("{\"model\":\"b\"}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(passed()).isEqualTo("<a>{\"model\":\"a\"}.<b>{\"model\":\"b\"}.");
        assertThat(probe.errors()).isEmpty();
    }

    private Exchange open(String methodAndTarget, String... fields) {
        Exchange exchange = probe.exchange(methodAndTarget, fields);
        channel.writeInbound(exchange);
        return exchange;
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        channel.writeInbound(channel.alloc().buffer(bytes.length, bytes.length).writeBytes(bytes));
    }

    /** All that passed: the exchange as its name, parts as they are, and a full stop for the body's end. */
    private String passed() {
        StringBuilder text = new StringBuilder();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof ByteBuf part) {
                text.append(part.toString(StandardCharsets.ISO_8859_1));
                part.release();
            } else if (message instanceof Exchange exchange) {
                text.append('<').append(exchange.modelName()).append('>');
            } else {
                text.append('.');
            }
        }
        return text.toString();
    }
}
