package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a caller's head reaches an upstream, and what of an upstream's head reaches the caller. */
class UpstreamHeadersJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\",\"messages\":[]}";

    @Test
    void allThreeCredentialsOfTheCallerStayAtTheGateway() throws Exception {
        ScriptedUpstream.Request request = forwarded(
                "authorization: Bearer " + TestGateway.KEY,
                "Ocp-Apim-Subscription-Key: " + TestGateway.KEY,
                "cookie: session=" + TestGateway.KEY);
        assertThat(request.head()).doesNotContain(TestGateway.KEY);
        assertThat(lines(request, "authorization")).containsExactly("authorization: Bearer provider-secret");
        assertThat(lines(request, "api-key")).isEmpty();
        assertThat(lines(request, "ocp-apim-subscription-key")).isEmpty();
    }

    @Test
    void fieldsOfOneConnectionStayAtTheGateway() throws Exception {
        ScriptedUpstream.Request request = forwarded(
                "Connection: Upgrade, HTTP2-Settings, x-hop",
                "Connection: x-second",
                "Upgrade: h2c",
                "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
                "x-hop: 1",
                "x-second: 2",
                "te: trailers",
                "keep-alive: timeout=5",
                "proxy-connection: keep-alive",
                "trailer: x-sum",
                "via: 1.1 somebody",
                "x-forwarded-for: 10.0.0.1",
                "forwarded: for=10.0.0.1",
                "x-end-to-end: stays");
        assertThat(request.field("x-end-to-end")).isEqualTo("stays");
        for (String name : List.of(
                "upgrade",
                "http2-settings",
                "x-hop",
                "x-second",
                "te",
                "keep-alive",
                "proxy-connection",
                "trailer",
                "via",
                "x-forwarded-for",
                "forwarded")) {
            assertThat(lines(request, name)).as(name).isEmpty();
        }
        assertThat(request.field("connection")).doesNotContainIgnoringCase("upgrade");
    }

    @Test
    void theUpstreamIsNamedByTheConfigurationOnly() throws Exception {
        ScriptedUpstream.Request request =
                forwarded("x-forwarded-host: evil.example", "x-original-url: /evil", "x_under_score: 1");
        assertThat(lines(request, "host")).hasSize(1);
        assertThat(request.field("host")).startsWith("127.0.0.1:");
        assertThat(request.head()).doesNotContain("evil").doesNotContain("x_under_score");
    }

    @Test
    void idsGoThroughAndTheAnswerCarriesTheSameOne() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        (request, call) -> call.json(200, "{}", "x-request-id: theirs", "apim-request-id: theirs"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            caller.chat(BODY, "x-request-id: my-own-id-1", "traceparent: " + trace, "tracestate: a=b");
            RawCaller.Answer answer = caller.read();
            ScriptedUpstream.Request request = upstream.next();
            assertThat(lines(request, "x-request-id")).containsExactly("x-request-id: my-own-id-1");
            assertThat(request.field("traceparent")).isEqualTo(trace);
            assertThat(request.field("tracestate")).isEqualTo("a=b");
            assertThat(answer.field("x-request-id")).isEqualTo("my-own-id-1");
            assertThat(answer.head()).as("one id, the caller's").doesNotContain("theirs");
        }
    }

    @Test
    void anAnswerComesWithoutTheFieldsOfTheUpstreamsConnection() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(
                        200,
                        "{}",
                        "connection: keep-alive, x-hop",
                        "keep-alive: timeout=5",
                        "x-hop: 1",
                        "via: 1.1 provider",
                        "set-cookie: a=b",
                        "alt-svc: h3=\":443\"",
                        "upgrade: h2",
                        "x-ratelimit-remaining-tokens: 12",
                        "x-ratelimit-remaining-tokens: 13"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer = caller.chat(BODY).read();
            assertThat(answer.head())
                    .contains("x-ratelimit-remaining-tokens: 12\r\nx-ratelimit-remaining-tokens: 13\r\n")
                    .doesNotContainIgnoringCase("\r\nvia:")
                    .doesNotContainIgnoringCase("\r\nx-hop:")
                    .doesNotContainIgnoringCase("\r\nkeep-alive:")
                    .doesNotContainIgnoringCase("\r\nset-cookie:")
                    .doesNotContainIgnoringCase("\r\nalt-svc:")
                    .doesNotContainIgnoringCase("\r\nupgrade:");
        }
    }

    private static ScriptedUpstream.Request forwarded(String... fields) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY, fields).read().status()).isEqualTo(200);
            return upstream.next();
        }
    }

    private static List<String> lines(ScriptedUpstream.Request request, String name) {
        return request.head()
                .lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .toList();
    }
}
