package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2Settings;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges with an upstream that speaks HTTP/2: the caller cannot tell. */
class H2UpstreamJourneyTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jsonGoesThereAndBack(boolean tls) throws Exception {
        try (H2Pair pair = H2Pair.of(tls, call -> call.json(200, "{\"ok\":true}"))) {
            for (int i = 0; i < 3; i++) {
                RawCaller.Answer answer = pair.ask();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.field("content-type")).isEqualTo("application/json");
                assertThat(answer.body()).isEqualTo("{\"ok\":true}");
                assertThat(pair.upstream.next().body()).isEqualTo(BODY);
            }
            assertThat(pair.upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void theHeadIsOneOfHttp2() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.json(200, "{}"))) {
            pair.caller.chat(BODY, "X-Mine: Value", "connection: keep-alive, x-hop", "x-hop: 1", "te: trailers");
            pair.caller.read();
            Map<String, String> head = StreamSupport.stream(
                            pair.upstream.next().headers().spliterator(), false)
                    .collect(Collectors.toMap(
                            field -> field.getKey().toString(),
                            field -> field.getValue().toString()));
            assertThat(head).containsKey("x-request-id");
            head.remove("x-request-id");
            assertThat(head)
                    .isEqualTo(Map.of(
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":authority",
                            "127.0.0.1:" + pair.upstream.port(),
                            ":path",
                            "/v1/chat/completions",
                            "authorization",
                            "Bearer provider-secret",
                            "content-type",
                            "application/json",
                            "content-length",
                            Integer.toString(BODY.length()),
                            "x-mine",
                            "Value"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventsLeaveAsTheyCome(boolean tls) throws Exception {
        try (H2Pair pair = H2Pair.of(tls, call -> call.head(200, "content-type", "text/event-stream"))) {
            pair.caller.chat("{\"model\":\"gpt\",\"stream\":true,\"messages\":[]}");
            H2Call call = pair.upstream.next();
            assertThat(call.body()).contains("include_usage");
            assertThat(pair.caller.readHead()).contains("200 OK");
            for (int i = 0; i < 5; i++) {
                String event = "data: {\"n\":" + i + "}\n\n";
                call.data(event);
                assertThat(pair.caller.readChunk()).isEqualTo(event);
            }
            String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}\n\n";
            call.data(usage + "data: [DONE]\n\n").end();
            assertThat(pair.caller.readChunk())
                    .as("only the gateway asked for it")
                    .isEqualTo("data: [DONE]\n\n");
            assertThat(pair.caller.readChunk()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeAnswerComesWhole(boolean tls) throws Exception {
        String body = "0123456789abcdef".repeat(200_000);
        try (H2Pair pair = H2Pair.of(tls, call -> call.json(200, body))) {
            assertThat(pair.ask().body().equals(body)).isTrue();
        }
    }

    @Test
    void aLargeRequestFollowsTheUpstreamsWindow() throws Exception {
        String body = "{\"model\":\"gpt\",\"user\":\"" + "0123456789abcdef".repeat(1 << 20) + "\"}";
        try (H2Pair pair = H2Pair.plain(call -> call.json(200, "{}"))) {
            pair.upstream.givesWindows = false;
            CompletableFuture<RawCaller> sent = CompletableFuture.supplyAsync(() -> send(pair, body));
            await().until(() -> pair.upstream.bodyBytes() == 65_535);
            Thread.sleep(200);
            assertThat(pair.upstream.bodyBytes())
                    .as("the first window, no more")
                    .isEqualTo(65_535);
            assertThat(sent).as("the caller waits").isNotDone();
            pair.upstream.giveWindows();
            assertThat(sent.join().read().status()).isEqualTo(200);
            assertThat(pair.upstream.next().body().equals(body)).isTrue();
        }
    }

    @Test
    void trailersAreNotPassedOn() throws Exception {
        try (H2Pair pair = H2Pair.plain(call ->
                call.head(200, "content-type", "text/plain").data("body").trailers("x-sum", "42"))) {
            RawCaller.Answer answer = pair.ask();
            assertThat(answer.body()).isEqualTo("body");
            assertThat(answer.head()).doesNotContain("x-sum");
            assertThat(pair.ask().body()).isEqualTo("body");
        }
    }

    @Test
    void interimAnswersArePassedOn() throws Exception {
        try (H2Pair pair =
                H2Pair.plain(call -> call.head(103, "link", "</a>").head(100).json(200, "{}"))) {
            pair.caller.chat(BODY);
            assertThat(pair.caller.readHead()).startsWith("HTTP/1.1 103 ").contains("link: </a>");
            assertThat(pair.caller.read().status())
                    .as("nobody asked for the 100")
                    .isEqualTo(200);
        }
    }

    @Test
    void anAnswerWithoutABodyEndsWithItsHead() throws Exception {
        try (H2Pair pair =
                H2Pair.plain(call -> call.head(429, "retry-after", "0").trailers())) {
            assertThat(pair.ask().status()).isEqualTo(429);
        }
    }

    @Test
    void anUpstreamThatChoosesHttp1ByAlpnIsSpokenToInHttp1() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedUpstream upstream = authority.start((request, call) -> call.json(200, "{}"), "http/1.1");
                TestGateway gateway = gateway(authority, upstream.port(), "http: auto");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(upstream.next().line()).endsWith(" HTTP/1.1");
        }
    }

    @Test
    void anUpstreamThatMustSpeakHttp2AndDoesNotIsNotCalled() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedUpstream upstream = authority.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = gateway(authority, upstream.port(), "http: 2");
                RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer = caller.chat(BODY).read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("HTTP/2");
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void anUpstreamThatAnswersThePrefaceInHttp1IsNotCalled() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(400, "{}"));
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.port() + "\", http: 2 }] }");
                RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer = caller.chat(BODY).read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("HTTP/2");
        }
    }

    @Test
    void anUpstreamKeptToHttp1IsNotOfferedHttp2() throws Exception {
        TestAuthority authority = new TestAuthority("localhost");
        try (ScriptedH2Upstream upstream = new ScriptedH2Upstream(
                        call -> call.json(200, "{}"),
                        Http2Settings.defaultSettings(),
                        authority.choosing("localhost", "h2"));
                TestGateway gateway = gateway(authority, upstream.port(), "http: 1.1");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(502);
            assertThat(upstream.waiting()).isZero();
        }
    }

    private static TestGateway gateway(TestAuthority authority, int port, String http) throws Exception {
        return TestGateway.withDeployment("{ upstreams: [{ url: \"https://localhost:" + port + "\", ca: \""
                + authority.file() + "\", " + http + " }] }");
    }

    private static RawCaller send(H2Pair pair, String body) {
        try {
            return pair.caller.chat(body);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
