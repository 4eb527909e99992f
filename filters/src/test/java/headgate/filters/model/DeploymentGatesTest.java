package headgate.filters.model;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.BodyEnd;
import headgate.filters.Configured;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.Principal;
import headgate.filters.Reach;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.identity.Permissions;
import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gates behind the name: which deployment, what becomes of fields outside the schema, what the catalog tells. */
final class DeploymentGatesTest {
    private static final String CHAT = "POST /models/chat/completions?api-version=2024-05-01";
    private static final String V1 = "POST /openai/v1/chat/completions";
    private static final String UPSTREAMS = "upstreams: [{ url: \"http://127.0.0.1:1\" }]";
    private static final Deployments SEVERAL = new Deployments(Configured.with("""
            GPT-4o: { model: { format: OpenAI, name: gpt-4o }, sku: { name: GlobalStandard, capacity: 5 }, %1$s }
            embed: { operations: [embeddings], extraParameters: drop, %1$s }
            resting: { paused: true, %1$s }
            gone: { model: { name: old, retires: 2020-01-31 }, paused: true, %1$s }
            going: { model: { name: new, retires: 2999-12-31 }, %1$s }
            batch: { sku: { name: GlobalBatch, capacity: 1 }, %1$s }
            """.formatted(UPSTREAMS)));
    private static final Deployments ONE = new Deployments(Configured.with("only: { " + UPSTREAMS + " }"));

    private Deployments deployments = SEVERAL;
    private Permissions permissions = new Permissions(null, SEVERAL);
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new CatalogHandler(() -> deployments, () -> permissions),
            new DeploymentHandler(() -> deployments, () -> permissions),
            new ExtraParametersHandler());
    private Principal principal = new Principal("anybody", List.of());
    private final ExchangeProbe probe = ExchangeProbe.on(channel);

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPT-4o", "gpt-4o", "gPT-4O"})
    void aDeploymentIsFoundWithoutRegardToCase(String name) {
        Exchange exchange = open(V1, name);
        assertThat(exchange.requireDeployment().name()).isEqualTo("GPT-4o");
        assertThat(channel.inboundMessages()).containsExactly(exchange);
    }

    @ParameterizedTest
    @CsvSource({
        V1 + ", gpt, DEPLOYMENT_NOT_FOUND, The API deployment for this resource does not exist.",
        CHAT + ", gpt, UNKNOWN_MODEL, Unknown model: gpt",
        CHAT + ", '', UNKNOWN_MODEL, Unknown model: ",
        V1 + ", embed, OPERATION_NOT_SUPPORTED, The deployment embed does not do chat/completions.",
        V1 + ", resting, DEPLOYMENT_PAUSED, The deployment resting is paused.",
        CHAT + ", gone, MODEL_DEPRECATED, The model old of the deployment gone is retired.",
        V1 + ", batch, OPERATION_NOT_SUPPORTED, The deployment batch does not do chat/completions.",
    })
    void whatIsNotThereOrDoesNotDoThisIsRefused(String target, String name, Kind kind, String message) {
        open(target, name);
        assertThat(refusal().kind()).isEqualTo(kind);
        assertThat(refusal().getMessage()).startsWith(message);
        assertThat(channel.inboundMessages()).isEmpty();
    }

    @Test
    void fieldsOutsideTheSchemaAreRefusedByNameAtTheBodysEnd() {
        body(open(CHAT, "gpt-4o"), "{\"model\":\"m\",\"n\":1,\"logit_bias\":{},\"n'\":2}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(refusal().getMessage())
                .isEqualTo("Extra parameters ['n', 'logit_bias', 'n''] are not allowed when extra-parameters is not set"
                        + " or set to be 'error'.");
        assertThat(channel.inboundMessages()).as("the body's end was stopped").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        CHAT + ", gpt-4o, 'extra-parameters: pass-through', false",
        CHAT + ", gpt-4o, 'Extra-Parameters: DROP', true",
        V1 + ", gpt-4o, 'extra-parameters: error', false",
        V1 + ", gpt-4o, 'extra-parameters: nonsense', false",
        "POST /models/embeddings?api-version=2024-05-01, embed, 'x: y', true",
        "POST /models/embeddings?api-version=2024-05-01, embed, 'extra-parameters: pass-through', false",
    })
    void theCallerOrElseTheDeploymentDecides(String target, String name, String field, boolean drops) {
        Exchange exchange = open(target, name, field);
        body(exchange, "{\"model\":\"m\",\"n\":1}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(probe.errors()).isEmpty();
        assertThat(exchange.dropsExtraParameters()).isEqualTo(drops);
        assertThat(channel.inboundMessages()).containsExactly(exchange, BodyEnd.INSTANCE);
    }

    @Test
    void anUnknownWishIsRefusedByTheHead() {
        open(CHAT, "gpt-4o", "extra-parameters: keep");
        assertThat(refusal().kind()).isEqualTo(Kind.BAD_REQUEST);
    }

    @Test
    void aCallerWhoLeavesBeforeTheBodysEndIsNotJudgedByTheNextOne() {
        body(open(CHAT, "gpt-4o"), "{\"n\":1}");
        probe.end();
        body(open(V1, "gpt-4o"), "{\"n\":1}");
        channel.writeInbound(BodyEnd.INSTANCE);
        assertThat(probe.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET /openai/v1/models/gpt-4O | {'id':'GPT-4o','object':'model','created':0,'owned_by':'OpenAI'}",
                "GET /models/info?api-version=2024-05-01&model=gpt-4o | {'model_name':'gpt-4o','model_type':'chat_completion','model_provider_name':'OpenAI'}",
                "GET /models/info?api-version=2024-05-01&model=embed | {'model_name':'embed','model_type':'embeddings','model_provider_name':''}",
            })
    void theCatalogTellsOfOne(String target, String expected) {
        channel.writeInbound(exchange(target));
        assertThat(probe.answers()).containsExactly(expected.replace('\'', '"'));
        assertThat(channel.inboundMessages())
                .as("what is answered goes no further")
                .isEmpty();
    }

    @Test
    void theCatalogTellsOfAllInTheOrderOfTheConfiguration() {
        channel.writeInbound(exchange("GET /openai/v1/models"));
        assertThat(probe.answers().get(0))
                .startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"GPT-4o\"")
                .containsPattern("embed.*batch");
        channel.writeInbound(exchange("GET /openai/deployments?api-version=2024-10-21"));
        assertThat(probe.answers().get(1))
                .contains(
                        "\"model\":\"gpt-4o\"",
                        "\"status\":\"succeeded\"",
                        "\"sku\":{\"name\":\"GlobalStandard\",\"capacity\":5}");
    }

    @Test
    void theCatalogTellsWhatIsPausedAndUntilWhenAModelIsThere() {
        channel.writeInbound(exchange("GET /openai/v1/models/gone"));
        channel.writeInbound(exchange("GET /openai/v1/models/going"));
        channel.writeInbound(exchange("GET /openai/deployments?api-version=2024-10-21"));
        assertThat(probe.answers().get(0))
                .contains("\"lifecycle_status\":\"deprecated\",\"deprecation\":{\"inference\":1580515200}");
        assertThat(probe.answers().get(1)).contains("\"lifecycle_status\":\"generally-available\"");
        assertThat(probe.answers().get(2)).containsPattern("\"id\":\"resting\"[^}]*\"status\":\"paused\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /openai/v1/models/gpt, DEPLOYMENT_NOT_FOUND",
        "GET /models/info?api-version=2024-05-01, NO_MODEL_NAME",
        "GET /models/info?api-version=2024-05-01&model=, NO_MODEL_NAME",
        "GET /models/info?api-version=2024-05-01&model=gpt, UNKNOWN_MODEL",
    })
    void theCatalogDoesNotTellOfWhatIsNotThere(String target, Kind kind) {
        channel.writeInbound(exchange(target));
        assertThat(refusal().kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&model="})
    void oneDeploymentAnswersForItself(String query) {
        deployments = ONE;
        channel.writeInbound(exchange("GET /models/info?api-version=2024-05-01" + query));
        assertThat(probe.answers()).singleElement().asString().contains("\"model_name\":\"only\"");
    }

    @Test
    void whatIsBeyondTheReachOfAKeyIsDeniedAndNotListed() {
        principal = new Principal("bounded", List.of(), new Reach(List.of("EMB*"), List.of()));
        open("POST /openai/v1/embeddings", "embed");
        open("POST /openai/v1/chat/completions", "gpt-4o");
        assertThat(refusal().kind()).isEqualTo(Kind.PERMISSION_DENIED);
        channel.writeInbound(exchange("GET /openai/v1/models/gpt-4o"));
        assertThat(probe.errors()).last().extracting(ProxyError::kind).isEqualTo(Kind.PERMISSION_DENIED);
        channel.writeInbound(exchange("GET /openai/v1/models"));
        assertThat(probe.answers().get(0)).contains("\"id\":\"embed\"").doesNotContain("GPT-4o");
    }

    private Exchange exchange(String methodAndTarget, String... fields) {
        Exchange exchange = probe.exchange(methodAndTarget, fields);
        exchange.principal(principal);
        return exchange;
    }

    private Exchange open(String methodAndTarget, String name, String... fields) {
        Exchange exchange = exchange(methodAndTarget, fields);
        exchange.modelName(name);
        channel.writeInbound(exchange);
        return exchange;
    }

    private static void body(Exchange exchange, String text) {
        JsonScanner scan = new JsonScanner(64, 100);
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        try {
            scan.feed(bytes);
            scan.end();
        } catch (JsonException e) {
            throw new AssertionError(text, e);
        } finally {
            bytes.release();
        }
        exchange.scan(scan);
    }

    private ProxyError refusal() {
        assertThat(probe.errors()).hasSize(1);
        return probe.errors().get(0);
    }
}
