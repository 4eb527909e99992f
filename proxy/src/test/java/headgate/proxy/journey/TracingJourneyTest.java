package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import headgate.testing.ScriptedService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector is told of exchanges and their calls as OpenTelemetry says, and can be as bad as it likes. */
final class TracingJourneyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String BODY = "{\"model\":\"gpt\",\"messages\":[{\"content\":\"a secret thought\"}]}";
    private static final String ANSWER =
            "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":3},\"completion_tokens_details\":{\"reasoning_tokens\":2}}}";

    private ScriptedService collector;
    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        collector = new ScriptedService(asked -> "{}");
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, ANSWER));
    }

    @AfterEach
    void stop() throws IOException {
        collector.close();
        upstream.close();
    }

    @Test
    void anExchangeIsASpanOfTheCallersTraceAndItsCallAnotherBelow() throws Exception {
        try (TestGateway gateway = gateway("sample: 0")) {
            assertThat(ask(gateway, "traceparent: 00-" + TRACE + "-" + CALLER + "-01", "tracestate: vendor=x")
                            .status())
                    .isEqualTo(200);
            ScriptedUpstream.Request called = upstream.next();
            List<JsonNode> spans = spans(2);
            JsonNode server = spans.get(0);
            JsonNode client = spans.get(1);
            assertThat(server.get("traceId").textValue()).isEqualTo(TRACE);
            assertThat(server.get("parentSpanId").textValue()).isEqualTo(CALLER);
            assertThat(server.get("kind").intValue()).isEqualTo(2);
            assertThat(server.get("name").textValue()).isEqualTo("POST chat/completions");
            assertThat(client.get("traceId").textValue()).isEqualTo(TRACE);
            assertThat(client.get("parentSpanId")).isEqualTo(server.get("spanId"));
            assertThat(client.get("kind").intValue()).isEqualTo(3);
            assertThat(client.get("name").textValue())
                    .as("by the model that the upstream is asked for")
                    .isEqualTo("chat upstream-model");
            assertThat(called.field("traceparent"))
                    .as("the call's own span is the parent of what follows")
                    .isEqualTo("00-" + TRACE + "-" + client.get("spanId").textValue() + "-01");
            assertThat(called.field("tracestate")).isEqualTo("vendor=x");
            assertThat(attribute(server, "http.response.status_code")).isEqualTo("200");
            assertThat(attribute(server, "headgate.principal")).isEqualTo("caller");
            assertThat(attribute(client, "gen_ai.operation.name")).isEqualTo("chat");
            assertThat(attribute(server, "url.scheme")).isEqualTo("http");
            assertThat(attribute(server, "http.request.method")).isEqualTo("POST");
            assertThat(attribute(server, "gen_ai.request.model")).isEqualTo("gpt");
            assertThat(attribute(client, "gen_ai.request.model")).isEqualTo("upstream-model");
            assertThat(attribute(client, "headgate.deployment")).isEqualTo("gpt");
            assertThat(attribute(client, "gen_ai.request.stream")).isEmpty();
            assertThat(attribute(client, "gen_ai.provider.name")).isEqualTo("openai");
            assertThat(attribute(client, "gen_ai.usage.input_tokens")).isEqualTo("5");
            assertThat(attribute(client, "gen_ai.usage.output_tokens")).isEqualTo("7");
            assertThat(attribute(client, "gen_ai.usage.cache_read.input_tokens"))
                    .isEqualTo("3");
            assertThat(attribute(client, "gen_ai.usage.reasoning.output_tokens"))
                    .isEqualTo("2");
            assertThat(attribute(client, "server.address")).isEqualTo("127.0.0.1");
            assertThat(attribute(client, "server.port")).isEqualTo(Integer.toString(upstream.port()));
            long from = Long.parseLong(server.get("startTimeUnixNano").textValue());
            long to = Long.parseLong(server.get("endTimeUnixNano").textValue());
            assertThat(from).isLessThan(to);
            assertThat(TimeUnit.NANOSECONDS.toMillis(to))
                    .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 1000);
            assertThat(collector.asked).allSatisfy(asked -> {
                assertThat(asked.path()).isEqualTo("/v1/traces");
                assertThat(asked.headers().getFirst("x-key")).isEqualTo("collectors-key");
                assertThat(asked.body()).doesNotContain("thought", TestGateway.KEY, "provider-secret");
            });
        }
    }

    @Test
    void whoIsNotTracedPassesTheTraceOnAllTheSame() throws Exception {
        try (TestGateway gateway = gateway("sample: 0")) {
            ask(gateway, "traceparent: 00-" + TRACE + "-" + CALLER + "-00");
            assertThat(upstream.next().field("traceparent"))
                    .matches("00-" + TRACE + "-[0-9a-f]{16}-00")
                    .doesNotContain(CALLER);
            ask(gateway, "traceparent: 00-" + TRACE + "-nonsense", "tracestate: vendor=x");
            ScriptedUpstream.Request anew = upstream.next();
            assertThat(anew.field("traceparent"))
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                    .doesNotContain(TRACE);
            assertThat(anew.field("tracestate"))
                    .as("it belongs to the other trace")
                    .isEmpty();
        }
        assertThat(collector.asked).isEmpty();
    }

    @Test
    void withoutACollectorWhatCallersSayPassesAsItCame() throws Exception {
        try (TestGateway gateway = TestGateway.inFrontOf(upstream)) {
            ask(gateway, "traceparent: 00-" + TRACE + "-" + CALLER + "-01", "tracestate: vendor=x");
            ScriptedUpstream.Request called = upstream.next();
            assertThat(called.field("traceparent")).isEqualTo("00-" + TRACE + "-" + CALLER + "-01");
            assertThat(called.field("tracestate")).isEqualTo("vendor=x");
        }
    }

    @Test
    void aCallThatFailedIsASpanBesideTheOneThatFollowed() throws Exception {
        try (ScriptedUpstream busy = ScriptedUpstream.start((request, call) -> call.json(503, "{}"));
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"" + busy.url() + "/v1\", priority: 1 }, { url: \"" + upstream.url()
                                + "/v1\", priority: 2 }] }",
                        tracing("sample: 1"))) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            List<JsonNode> spans = spans(3);
            assertThat(attribute(spans.get(1), "server.port")).isEqualTo(Integer.toString(busy.port()));
            assertThat(attribute(spans.get(1), "error.type")).isEqualTo("503");
            assertThat(attribute(spans.get(1), "http.response.status_code")).isEqualTo("503");
            assertThat(spans.get(1).get("status").get("code").intValue()).isEqualTo(2);
            assertThat(attribute(spans.get(2), "server.port")).isEqualTo(Integer.toString(upstream.port()));
            assertThat(attribute(spans.get(2), "http.request.resend_count")).isEqualTo("1");
            assertThat(spans.get(2).has("status")).isFalse();
            assertThat(spans.get(0).has("status")).isFalse();
        }
    }

    @Test
    void aMethodThatNobodyKnowsIsToldApartFromItsName() throws Exception {
        try (TestGateway gateway = gateway("sample: 1");
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send("BREW /openai/v1/models HTTP/1.1\r\nhost: h\r\n\r\n");
            assertThat(caller.read().status()).isEqualTo(405);
            JsonNode server = spans(1).get(0);
            assertThat(server.get("name").textValue()).startsWith("HTTP");
            assertThat(attribute(server, "http.request.method")).isEqualTo("_OTHER");
            assertThat(attribute(server, "http.request.method_original")).isEqualTo("BREW");
        }
    }

    @Test
    void anExchangeOverTlsIsHttpsAndAStreamAndAFailureAreToldAsSuch(@TempDir Path files) throws Exception {
        TlsGround ground = new TlsGround(files);
        ground.write("a", "a");
        try (ScriptedUpstream broken = ScriptedUpstream.start((request, call) -> call.json(500, "{}"));
                TestGateway gateway =
                        ground.gateway(broken, "certificate: \"DIR/a.crt\", key: \"DIR/a.key\"", tracing("sample: 1"));
                SSLSocket socket = ground.connect(gateway.port(), null)) {
            String body = "{\"model\":\"gpt\",\"stream\":true,\"messages\":[]}";
            socket.getOutputStream()
                    .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nhost: h\r\napi-key: " + TestGateway.KEY
                                    + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            List<JsonNode> spans = spans(2);
            assertThat(attribute(spans.get(0), "url.scheme")).isEqualTo("https");
            assertThat(attribute(spans.get(0), "error.type")).isEqualTo("500");
            assertThat(attribute(spans.get(1), "error.type")).isEqualTo("500");
            assertThat(attribute(spans.get(1), "gen_ai.request.stream")).isEqualTo("true");
        }
    }

    @Test
    void aCollectorThatIsBusyIsAskedAgain() throws Exception {
        collector.status = 503;
        try (TestGateway gateway = gateway("sample: 1")) {
            ask(gateway);
            await().until(() -> !collector.asked.isEmpty());
            collector.status = 200;
            await().until(() -> collector.asked.size() > 1);
            assertThat(spans(collector.asked.get(1).body()))
                    .isEqualTo(spans(collector.asked.get(0).body()));
        }
    }

    @Test
    void aCollectorThatWantsToBeLeftAloneIs() throws Exception {
        try (ScriptedUpstream busy = ScriptedUpstream.start((request, call) ->
                        call.send("HTTP/1.1 429 Busy\r\nretry-after: 200\r\ncontent-length: 0\r\n\r\n"));
                TestGateway gateway = TestGateway.inFrontOf(
                        upstream, tracing("sample: 1").replace(collector.url().toString(), busy.url()))) {
            ask(gateway);
            await().until(() -> busy.waiting() == 1);
            ask(gateway);
            await().during(Duration.ofMillis(400)).until(() -> busy.waiting() == 1);
        }
    }

    @Test
    void aCollectorThatIsSilentDelaysNobodyAndWhatHasNoRoomIsDropped() throws Exception {
        collector.script = asked -> {
            TimeUnit.SECONDS.sleep(20);
            return "";
        };
        try (AdminGateway gateway =
                new AdminGateway("", (request, call) -> call.json(200, ANSWER), tracing("sample: 1, queue: 100"))) {
            gateway.caller.chat(BODY).read();
            await().until(() -> !collector.asked.isEmpty());
            for (int i = 0; i < 150; i++) {
                assertThat(gateway.caller.chat(BODY).read().status()).isEqualTo(200);
            }
            assertThat(gateway.get("/metrics").body())
                    .contains("headgate_traced_exchanges_total{result=\"dropped\"} 50");
        }
    }

    private TestGateway gateway(String sample) throws IOException {
        return TestGateway.inFrontOf(upstream, tracing(sample));
    }

    private String tracing(String sample) {
        return "tracing: { url: \"" + collector.url()
                + "/v1/traces\", interval: 100ms, headers: { x-key: collectors-key }, " + sample + " }";
    }

    private static RawCaller.Answer ask(TestGateway gateway, String... fields) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat(BODY, fields).read();
        }
    }

    /** All spans that the collector has, when there are so many. */
    private List<JsonNode> spans(int count) throws IOException {
        await().until(() -> all().size() == count);
        return all();
    }

    private List<JsonNode> all() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (ScriptedService.Asked asked : collector.asked) {
            all.addAll(spans(asked.body()));
        }
        return all;
    }

    private static List<JsonNode> spans(String body) throws IOException {
        List<JsonNode> spans = new ArrayList<>();
        JSON.readTree(body)
                .get("resourceSpans")
                .forEach(resource -> resource.get("scopeSpans")
                        .forEach(scope -> scope.get("spans").forEach(spans::add)));
        return spans;
    }

    private static String attribute(JsonNode span, String key) {
        for (JsonNode attribute : span.get("attributes")) {
            if (attribute.get("key").textValue().equals(key)) {
                return attribute.get("value").elements().next().asText();
            }
        }
        return "";
    }
}
