package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.proxy.ProxyServer;
import headgate.testing.RedisServer;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The series of what a gateway leans on: Redis, credentials for upstreams, judges, the access log. */
final class DependencyMetricsJourneyTest {
    private static final String ADMIN = "admin: { listen: \"127.0.0.1:0\" }";

    private static ScrapedMetrics scrape(TestGateway gateway) throws IOException {
        return scrape(gateway.server());
    }

    static ScrapedMetrics scrape(ProxyServer server) throws IOException {
        int port = Objects.requireNonNull(server.adminAddress()).getPort();
        try (RawCaller operator = new RawCaller(port)) {
            return ScrapedMetrics.read(
                    operator.send(AdminGateway.request("GET", "/metrics", "localhost"))
                            .read()
                            .body(),
                    false);
        }
    }

    private static void awaitValue(TestGateway gateway, String sample, double value) {
        await().untilAsserted(() -> {
            ScrapedMetrics metrics = scrape(gateway);
            assertThat(metrics.samples()).contains(sample);
            assertThat(metrics.value(sample)).as(sample).isEqualTo(value);
        });
    }

    @Test
    void redisIsUpWhileItAnswersAndAbsentWithoutOne() throws Exception {
        RedisServer redis = new RedisServer();
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway with = TestGateway.inFrontOf(
                        upstream, ADMIN, "state: { redis: \"" + redis.url() + "\", deadline: 200ms }");
                TestGateway without = TestGateway.inFrontOf(upstream, ADMIN)) {
            awaitValue(with, "headgate_redis_up", 1);
            assertThat(scrape(without).samples()).doesNotContain("headgate_redis_up");
            redis.close();
            awaitValue(with, "headgate_redis_up", 0);
        }
    }

    @Test
    void tokensForUpstreamsAreCountedByWhatCameOfThem() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean();
        try (TokenEndpointAuthority authority = new TokenEndpointAuthority();
                ScriptedUpstream upstream =
                        ScriptedUpstream.start((request, call) -> call.json(refuses.get() ? 401 : 200, "{}"));
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"" + upstream.url() + "/v1\", credential: platform }] }",
                        "credentials: { platform: " + authority.yamlWithSecret() + " }",
                        ADMIN)) {
            String fetched = "headgate_credential_fetches_total{credential=\"platform\",result=\"fetched\"}";
            String failed = "headgate_credential_fetches_total{credential=\"platform\",result=\"failed\"}";
            String refused = "headgate_credential_refusals_total{credential=\"platform\"}";
            assertThat(UpstreamCredentialJourneyTest.ask(gateway).status()).isEqualTo(200);
            awaitValue(gateway, fetched, 1);
            awaitValue(gateway, failed, 0);
            awaitValue(gateway, refused, 0);

            authority.mode(TokenEndpointAuthority.Mode.FAIL);
            refuses.set(true);
            assertThat(UpstreamCredentialJourneyTest.ask(gateway).status()).isGreaterThanOrEqualTo(400);
            awaitValue(gateway, refused, 1);
            await().untilAsserted(
                            () -> assertThat(scrape(gateway).value(failed)).isGreaterThanOrEqualTo(1));
            awaitValue(gateway, fetched, 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"safety,guard", "guard,safety"})
    void aJudgeThatFailsIsSeenAndSoIsWhatItLeavesUnjudged(String judge, String other) throws Exception {
        try (JudgingServices services = JudgingServices.start();
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(
                        upstream,
                        "contentFilter: strict",
                        "contentFilters: { strict: { filters: [{ name: Hate, source: Prompt, judge: " + judge
                                + " }] } }",
                        services.judges(""),
                        ADMIN);
                RawCaller caller = new RawCaller(gateway.port())) {
            awaitValue(gateway, calls(judge, "failed"), 0);
            assertThat(say(caller, "all my love")).isEqualTo(200);
            assertThat(say(caller, "all my hate")).isEqualTo(400);
            assertThat(say(caller, "all my love")).isEqualTo(200);
            awaitValue(gateway, calls(judge, "answered"), 2);
            awaitValue(gateway, texts(judge, "judged"), 2);
            awaitValue(gateway, texts(judge, "remembered"), 1);
            awaitValue(gateway, texts(judge, "unjudged"), 0);

            services.safety().status = 500;
            services.moderation().status = 500;
            for (int i = 0; i < 7; i++) {
                assertThat(say(caller, "hate " + i))
                        .as("nobody judges, and the policy is open")
                        .isEqualTo(200);
            }
            awaitValue(gateway, texts(judge, "unjudged"), 7);
            assertThat(scrape(gateway).value(calls(judge, "failed")))
                    .as("it is asked five times in a row, then seldom")
                    .isBetween(5.0, 7.0);
            awaitValue(gateway, calls(judge, "answered"), 2);
            awaitValue(gateway, calls(other, "answered"), 0);
            awaitValue(gateway, texts(other, "unjudged"), 0);
        }
    }

    private static String calls(String judge, String result) {
        return "headgate_judge_calls_total{judge=\"" + judge + "\",result=\"" + result + "\"}";
    }

    private static String texts(String judge, String result) {
        return "headgate_judge_texts_total{judge=\"" + judge + "\",result=\"" + result + "\"}";
    }

    static int say(RawCaller caller, String text) throws IOException {
        return caller.chat("{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}")
                .read()
                .status();
    }

    @Test
    void linesThatTheirTargetDoesNotTakeAreCountedAsLost() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.start("""
                        listen: 127.0.0.1:0
                        accessLog: { file: /dev/full }
                        keys: { caller: %s }
                        deployments: { gpt: { upstreams: [{ url: "%s/v1" }] } }
                        %s
                        """.formatted(TestGateway.KEY, upstream.url(), ADMIN));
                RawCaller caller = new RawCaller(gateway.port())) {
            awaitValue(gateway, "headgate_access_lines_lost_total", 0);
            for (int i = 0; i < 3; i++) {
                assertThat(caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
            }
            awaitValue(gateway, "headgate_access_lines_lost_total", 3);
        }
    }
}
