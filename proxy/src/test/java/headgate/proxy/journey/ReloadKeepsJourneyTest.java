package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.filters.quota.QuotaStanding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was fetched, verified or connected under one configuration, and is the same in the next. */
class ReloadKeepsJourneyTest {
    private static final String ONE_LOOP = "transport: { eventLoops: 1 }\n";

    private final Path directory;

    ReloadKeepsJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void tokensForUpstreamsAreNotFetchedAgainUntilTheirCredentialChanges() throws Exception {
        try (TokenEndpointAuthority authority = new TokenEndpointAuthority();
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            String credential = "credentials: { platform: " + authority.yamlWithSecret() + " }\n";
            String deployment = "deployments: { gpt: { upstreams: [{ url: \"" + upstream.url()
                    + "\", credential: platform, weight: %d }] } }\n";
            try (ReloadedGateway gateway =
                            new ReloadedGateway(directory, ONE_LOOP + credential + deployment.formatted(1));
                    RawCaller caller = new RawCaller(gateway.port())) {
                assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
                for (int weight = 2; weight < 6; weight++) {
                    assertThat(gateway.reload(ONE_LOOP + credential + deployment.formatted(weight))
                                    .problems())
                            .isEmpty();
                    assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
                    assertThat(upstream.next().field("authorization")).isEqualTo("Bearer token-1");
                }
                assertThat(authority.asked()).isEqualTo(1);
                assertThat(upstream.connections()).isEqualTo(1);
                String other = credential.replace("tenant:", "scope: other, tenant:");
                assertThat(gateway.reload(ONE_LOOP + other + deployment.formatted(1))
                                .problems())
                        .isEmpty();
                assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
                assertThat(authority.asked()).isEqualTo(2);
            }
        }
    }

    @Test
    void keysOfAnIssuerGoOnEvenWhenItHasStoppedAnswering() throws Exception {
        try (TokenAuthority authority = new TokenAuthority();
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            String deployments = "deployments: { gpt: { upstreams: [{ url: \"" + upstream.url() + "\" }] } }\n";
            String issuers = ", issuers: [ " + authority.yaml("") + " ] }\n" + deployments;
            try (ReloadedGateway gateway = new ReloadedGateway(directory, "identity: { failedAttempts: 500" + issuers);
                    RawCaller caller = new RawCaller(gateway.port())) {
                assertThat(status(caller, authority, "1")).isEqualTo(200);
                // A tenant has two names, and each has its keys read.
                await().until(() -> authority.keysAsked() == 2);
                authority.mode(TokenAuthority.Mode.FAIL);
                int asked = authority.keysAsked();
                assertThat(gateway.reload("identity: { failedAttempts: 400" + issuers)
                                .problems())
                        .isEmpty();
                assertThat(status(caller, authority, "2")).as("by a known key").isEqualTo(200);
                assertThat(authority.keysAsked()).isEqualTo(asked);
                assertThat(gateway.reload(deployments).problems()).isEmpty();
                assertThat(status(caller, authority, "1"))
                        .as("nobody's any more, though it was verified before")
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void whatAJudgeKnowsAndHasCountedGoesOnUntilItsOwnLineChanges() throws Exception {
        String counted = "headgate_judge_texts_total{judge=\"safety\",result=\"remembered\"}";
        try (JudgingServices services = JudgingServices.start();
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            String rest = """
                    admin: { listen: "127.0.0.1:0" }
                    contentFilter: strict
                    contentFilters: { strict: { filters: [{ name: Hate, source: Prompt, judge: safety }] } }
                    deployments: { gpt: { upstreams: [{ url: "%s", weight: %%d }] } }
                    """.formatted(upstream.url());
            try (ReloadedGateway gateway = new ReloadedGateway(directory, services.judges("") + rest.formatted(1));
                    RawCaller caller = new RawCaller(gateway.port())) {
                DependencyMetricsJourneyTest.say(caller, "all my love");
                DependencyMetricsJourneyTest.say(caller, "all my love");
                assertThat(gateway.reload(services.judges("") + rest.formatted(2))
                                .problems())
                        .isEmpty();
                DependencyMetricsJourneyTest.say(caller, "all my love");
                assertThat(services.safety().asked).hasSize(1);
                assertThat(DependencyMetricsJourneyTest.scrape(gateway.server).value(counted))
                        .isEqualTo(2);
                assertThat(gateway.reload(services.judges(", concurrent: 3") + rest.formatted(2))
                                .problems())
                        .isEmpty();
                DependencyMetricsJourneyTest.say(caller, "all my love");
                assertThat(services.safety().asked).hasSize(2);
            }
        }
    }

    @Test
    void connectionsOverTlsGoOnUntilTheFileOfAuthoritiesChanges() throws Exception {
        TestAuthority authority = new TestAuthority("127.0.0.1");
        TestAuthority stranger = new TestAuthority("127.0.0.1");
        Path ca = Files.copy(authority.file(), directory.resolve("ca.pem"));
        try (ScriptedUpstream upstream = authority.start((request, call) -> call.json(200, "{}"))) {
            String yaml =
                    ONE_LOOP + "deployments: { gpt: { timeouts: { idle: %ds }, upstreams: [{ url: \"https://127.0.0.1:"
                            + upstream.port() + "\", ca: ca.pem }] } }\n";
            try (ReloadedGateway gateway = new ReloadedGateway(directory, yaml.formatted(10));
                    RawCaller caller = new RawCaller(gateway.port())) {
                for (int idle = 11; idle < 15; idle++) {
                    assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
                    assertThat(gateway.reload(yaml.formatted(idle)).problems()).isEmpty();
                }
                assertThat(upstream.connections()).isEqualTo(1);
                Files.copy(stranger.file(), ca, StandardCopyOption.REPLACE_EXISTING);
                assertThat(gateway.reload(yaml.formatted(15)).problems()).isEmpty();
                assertThat(caller.chat(BODY).read().status())
                        .as("signed by nobody whom the new file has")
                        .isEqualTo(502);
                assertThat(upstream.awaitAllClosed()).isTrue();
            }
        }
    }

    @Test
    void exchangesAboveALoweredLimitGoOnAndNoneBeginsUntilTheyAreFewEnough() throws Exception {
        Semaphore answers = new Semaphore(0);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
            answers.acquire();
            call.json(200, "{}");
        })) {
            String limited = "deployments: { gpt: { rateLimit: { concurrent: %d }, upstreams: [{ url: \""
                    + upstream.url() + "\" }] } }\n";
            try (ReloadedGateway gateway = new ReloadedGateway(directory, ONE_LOOP + limited.formatted(2));
                    RawCaller first = new RawCaller(gateway.port());
                    RawCaller second = new RawCaller(gateway.port());
                    RawCaller third = new RawCaller(gateway.port())) {
                first.chat(BODY);
                upstream.next();
                second.chat(BODY);
                upstream.next();
                assertThat(gateway.reload(ONE_LOOP + limited.formatted(1)).problems())
                        .isEmpty();
                answers.release();
                // The upstream answers whom it likes.
                await().until(() -> inProgress(gateway) == 1);
                RawCaller.Answer refused = third.chat(BODY).read();
                assertThat(refused.status()).as("one is still in progress").isEqualTo(429);
                assertThat(refused.body()).contains("limit of 1 concurrent requests");
                answers.release();
                assertThat(first.read().status()).isEqualTo(200);
                assertThat(second.read().status()).isEqualTo(200);
                await().until(() -> inProgress(gateway) == 0);
                answers.release();
                assertThat(third.chat(BODY).read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aStreamOfHttp2GoesOnAndItsConnectionClosesBehindIt() throws Exception {
        try (ScriptedH2Upstream removed =
                        new ScriptedH2Upstream(call -> call.head(200, "content-type", "text/event-stream"));
                ScriptedUpstream two = ScriptedUpstream.start((request, call) -> call.json(200, "two"));
                ReloadedGateway gateway = new ReloadedGateway(
                        directory,
                        "deployments: { gpt: { upstreams: [{ url: \"http://127.0.0.1:" + removed.port()
                                + "\", http: 2 }] } }\n");
                RawCaller streaming = new RawCaller(gateway.port());
                RawCaller caller = new RawCaller(gateway.port())) {
            streaming.chat(BODY).readHead();
            H2Call call = removed.next();
            call.data("data: 1\n\n");
            assertThat(streaming.readChunk()).isEqualTo("data: 1\n\n");
            assertThat(gateway.reload("deployments: { gpt: { upstreams: [{ url: \"" + two.url() + "\" }] } }\n")
                            .problems())
                    .isEmpty();
            assertThat(caller.chat(BODY).read().body()).isEqualTo("two");
            assertThat(removed.open()).isEqualTo(1);
            call.data("data: 2\n\n").end();
            assertThat(streaming.readChunk()).isEqualTo("data: 2\n\n");
            assertThat(streaming.readChunk()).as("whole").isEmpty();
            await().until(() -> removed.open() == 0);
        }
    }

    private static long inProgress(ReloadedGateway gateway) {
        return gateway.server.quotas().stream().mapToLong(QuotaStanding::used).sum();
    }

    private static int status(RawCaller caller, TokenAuthority authority, String id) throws Exception {
        String token =
                TokenAuthority.token(TokenAuthority.FIRST, authority.claims().jwtID(id));
        return caller.send(RawCaller.chatRequest(BODY)
                        .replace("api-key: " + TestGateway.KEY, "authorization: Bearer " + token))
                .read()
                .status();
    }
}
