package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.proxy.telemetry.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class MetricsJourneyTest {
    private static final String OPEN_METRICS = "accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
    private static final String USAGE = "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}";
    private static final String GPT_CHAT = "deployment=\"gpt\",operation=\"chat/completions\"";

    @Test
    void an_exchange_is_counted_by_deployment_operation_status_and_cause() throws Exception {
        try (AdminGateway admin = new AdminGateway("", (request, call) -> call.json(200, USAGE))) {
            for (int i = 0; i < 3; i++) {
                assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
            }
            assertThat(admin.caller
                            .chat("{\"model\":\"made-up-by-a-caller\"}")
                            .read()
                            .status())
                    .isEqualTo(404);

            await().untilAsserted(() -> {
                ScrapedMetrics metrics = scrape(admin);
                assertThat(metrics.value("headgate_requests_total{cause=\"answer\"," + GPT_CHAT + ",status=\"200\"}"))
                        .isEqualTo(3);
                assertThat(metrics.samples())
                        .as("no caller chooses what a label says")
                        .noneMatch(sample -> sample.contains("made-up"));
                assertThat(
                                metrics.value(
                                        "headgate_requests_total{cause=\"deployment_not_found\",deployment=\"-\",operation=\"chat/completions\",status=\"404\"}"))
                        .isEqualTo(1);
                assertThat(metrics.value("headgate_first_byte_seconds_count{" + GPT_CHAT + "}"))
                        .isEqualTo(3);
                assertThat(
                                metrics.value(
                                        "headgate_exchange_seconds_bucket{deployment=\"gpt\",le=\"+Inf\",operation=\"chat/completions\"}"))
                        .isEqualTo(3);
                assertThat(
                                metrics.value(
                                        "headgate_tokens_total{deployment=\"gpt\",kind=\"prompt\",operation=\"chat/completions\"}"))
                        .isEqualTo(21);
                assertThat(
                                metrics.value(
                                        "headgate_tokens_total{deployment=\"gpt\",kind=\"completion\",operation=\"chat/completions\"}"))
                        .isEqualTo(15);
                assertThat(metrics.value("headgate_open_exchanges")).isZero();
                assertThat(metrics.value("headgate_ready")).isEqualTo(1);
            });
        }
    }

    @Test
    void a_stream_is_open_while_it_lasts_and_its_bursts_are_timed() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (AdminGateway admin = new AdminGateway("", (request, call) -> {
            call.beginEvents();
            for (int i = 0; i < 4; i++) {
                call.chunk("data: {\"choices\":[]}\n\n");
                Thread.sleep(30);
            }
            seen.await();
            call.endChunks();
        })) {
            admin.caller.chat("{\"model\":\"gpt\",\"stream\":true}");
            await().untilAsserted(() -> {
                ScrapedMetrics metrics = scrape(admin);
                assertThat(metrics.value("headgate_open_streams")).isEqualTo(1);
                assertThat(metrics.value("headgate_open_exchanges")).isEqualTo(1);
                assertThat(metrics.value("headgate_between_events_seconds_count{" + GPT_CHAT + "}"))
                        .as("of four events, three came some time after another")
                        .isPositive();
                assertThat(openCalls(metrics)).isEqualTo(1);
            });
            seen.countDown();
            admin.caller.read();
            await().untilAsserted(() -> {
                assertThat(scrape(admin).value("headgate_open_streams")).isZero();
                assertThat(openCalls(scrape(admin))).isZero();
            });
        }
    }

    @Test
    void upstreams_tell_calls_failures_retries_and_cooling() throws Exception {
        try (ScriptedUpstream bad = ScriptedUpstream.start((request, call) -> call.json(503, "{}"));
                ScriptedUpstream good = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"" + bad.url() + "/v1\", priority: 1 }, { url: \"" + good.url()
                                + "/v1\", priority: 2 }] }",
                        "admin: { listen: \"127.0.0.1:0\" }");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
            await().untilAsserted(() -> {
                ScrapedMetrics metrics = ScrapedMetrics.read(text(gateway), false);
                String badOne = "{deployment=\"gpt\",upstream=\"" + bad.url() + "/v1\"}";
                String goodOne = "{deployment=\"gpt\",upstream=\"" + good.url() + "/v1\"}";
                assertThat(metrics.value("headgate_upstream_calls_total" + badOne))
                        .isEqualTo(1);
                assertThat(metrics.value("headgate_upstream_failures_total" + badOne))
                        .isEqualTo(1);
                assertThat(metrics.value("headgate_upstream_failures_total" + goodOne))
                        .isZero();
                assertThat(metrics.value("headgate_upstream_usable" + goodOne)).isEqualTo(1);
                assertThat(metrics.value("headgate_retries_total{" + GPT_CHAT + "}"))
                        .isEqualTo(1);
            });
        }
    }

    @Test
    void both_forms_are_well_formed_and_say_the_same() throws Exception {
        try (AdminGateway admin = new AdminGateway(
                "",
                (request, call) -> call.json(200, USAGE),
                "rateLimits: { principals: { caller: { requestsPerMinute: 7 } } }")) {
            admin.caller.chat(Upstreams.BODY).read();
            await().untilAsserted(() -> assertThat(scrape(admin).samples()).contains(quota("used"), quota("left")));
            RawCaller.Answer open = admin.get("/metrics", OPEN_METRICS);
            RawCaller.Answer plain = admin.get("/metrics", "accept: text/plain");

            assertThat(open.field("content-type"))
                    .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(plain.field("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(admin.get("/metrics", "accept: application/openmetrics-text;q=0")
                            .body())
                    .doesNotContain("# EOF");
            assertThat(ScrapedMetrics.read(open.body(), true).samples())
                    .isEqualTo(ScrapedMetrics.read(plain.body(), false).samples());
            ScrapedMetrics metrics = ScrapedMetrics.read(plain.body(), false);
            assertThat(metrics.value(quota("limit"))).isEqualTo(7);
            assertThat(metrics.value(quota("left"))).isEqualTo(6);
        }
    }

    @Test
    void every_metric_of_the_table_with_its_type_and_no_other() throws Exception {
        try (AdminGateway admin = new AdminGateway("", (request, call) -> call.json(200, USAGE))) {
            admin.caller.chat(Upstreams.BODY).read();
            await().untilAsserted(() -> assertThat(scrape(admin).types()).containsKey("headgate_requests_total"));
            List<String> table = new ArrayList<>();
            for (Metric metric : Metric.values()) {
                boolean counter = metric.type() == Metric.Type.COUNTER;
                table.add(metric.family() + (counter ? "_total" : ""));
            }
            assertThat(table).containsAll(scrape(admin).types().keySet());
            assertThat(scrape(admin).types().keySet())
                    .as("all but what this gateway has not: limits, Redis, credentials, judges, streams")
                    .hasSizeGreaterThanOrEqualTo(table.size() - 13);
        }
    }

    @Test
    void deployments_above_the_bound_are_counted_together_on_all_loops() throws Exception {
        StringBuilder deployments = new StringBuilder("{ upstreams: [{ url: \"http://127.0.0.1:1\" }] }");
        for (int i = 0; i < 12; i++) {
            deployments.append("\n  d" + i + ": { upstreams: [{ url: \"http://127.0.0.1:1\" }] }");
        }
        try (TestGateway gateway = TestGateway.withDeployment(
                deployments.toString(),
                "limits: { metricSeries: 10 }",
                "transport: { eventLoops: 5 }",
                "admin: { listen: \"127.0.0.1:0\" }")) {
            for (int i = 0; i < 36; i++) {
                // Each on another loop than the last time.
                try (RawCaller caller = new RawCaller(gateway.port())) {
                    assertThat(caller.chat("{\"model\":\"d" + i % 12 + "\"}")
                                    .read()
                                    .status())
                            .isEqualTo(502);
                }
            }
            await().untilAsserted(() -> {
                List<String> totals = ScrapedMetrics.read(text(gateway), false).samples().stream()
                        .filter(sample -> sample.startsWith("headgate_exchange_seconds_count"))
                        .toList();
                assertThat(totals).hasSize(11);
                assertThat(
                                ScrapedMetrics.read(text(gateway), false)
                                        .value(
                                                "headgate_exchange_seconds_count{deployment=\"+\",operation=\"chat/completions\"}"))
                        .isEqualTo(6);
            });
        }
    }

    private static String quota(String what) {
        return "headgate_quota_" + what + "{deployment=\"\",principal=\"caller\",unit=\"requests\"}";
    }

    private static double openCalls(ScrapedMetrics metrics) {
        return metrics.samples().stream()
                .filter(sample -> sample.startsWith("headgate_upstream_open_calls"))
                .mapToDouble(metrics::value)
                .sum();
    }

    private static ScrapedMetrics scrape(AdminGateway admin) throws IOException {
        return ScrapedMetrics.read(admin.get("/metrics").body(), false);
    }

    private static String text(TestGateway gateway) throws IOException {
        int port = Objects.requireNonNull(gateway.server().adminAddress()).getPort();
        try (RawCaller operator = new RawCaller(port)) {
            return operator.send(AdminGateway.request("GET", "/metrics", "localhost"))
                    .read()
                    .body();
        }
    }
}
