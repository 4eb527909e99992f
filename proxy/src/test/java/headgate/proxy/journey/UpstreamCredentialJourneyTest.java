package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import headgate.proxy.journey.TokenEndpointAuthority.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When tokens for upstreams are fetched, who waits for them, and what becomes of those that are refused. */
class UpstreamCredentialJourneyTest {
    private final AtomicBoolean refuses = new AtomicBoolean();
    private TokenEndpointAuthority authority;
    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        authority = new TokenEndpointAuthority();
        upstream = ScriptedUpstream.start((request, call) -> {
            boolean bad = refuses.get() || request.field("authorization").endsWith("refused");
            call.json(bad ? 401 : 200, "{}");
        });
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        authority.close();
    }

    static TestGateway gateway(ScriptedUpstream upstream, String credential, String... more) throws IOException {
        return TestGateway.withDeployment(
                "{ %s upstreams: [{ url: \"%s/v1\", credential: platform }] }"
                        .formatted(String.join("", more), upstream.url()),
                "credentials: { platform: " + credential + " }",
                "transport: { eventLoops: 3 }");
    }

    private TestGateway gateway(String... more) throws IOException {
        return gateway(upstream, authority.yamlWithSecret(), more);
    }

    static RawCaller.Answer ask(TestGateway gateway) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat(Upstreams.BODY).read();
        }
    }

    private List<String> shown() throws InterruptedException {
        List<String> all = new ArrayList<>();
        while (upstream.waiting() > 0) {
            all.add(upstream.next().field("authorization"));
        }
        return all;
    }

    @Test
    void aTokenIsFetchedOnceForAllEventLoopsAndExchanges() throws Exception {
        try (TestGateway gateway = gateway()) {
            for (int i = 0; i < 12; i++) {
                assertThat(ask(gateway).status()).isEqualTo(200);
            }
            assertThat(shown()).hasSize(12).containsOnly("Bearer token-1");
            assertThat(authority.asked()).isEqualTo(1);
        }
    }

    @Test
    void aTokenIsReplacedWellBeforeItExpiresAndNobodyWaitsForTheNextOne() throws Exception {
        authority.lifeSeconds(4);
        try (TestGateway gateway = gateway()) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            authority.mode(Mode.STALL);
            Awaitility.await().untilAsserted(() -> assertThat(authority.asked()).isEqualTo(2));
            assertThat(ask(gateway).status())
                    .as("the next token is on its way and never comes, and the first one is still good")
                    .isEqualTo(200);
            assertThat(shown()).containsOnly("Bearer token-1");
        }
    }

    @Test
    void withoutAnyTokenAnExchangeWaitsNoLongerThanForAConnection() throws Exception {
        authority.mode(Mode.STALL);
        try (TestGateway gateway = gateway("timeouts: { connect: 300ms },")) {
            RawCaller.Answer answer = ask(gateway);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("platform");
            assertThat(upstream.waiting())
                    .as("nothing is sent without a credential")
                    .isZero();
        }
    }

    @Test
    void aFailingTokenEndpointIsToldOnceAndTheGatewayFindsItsWayBack() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("headgate.proxy.credential");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        authority.mode(Mode.FAIL);
        try (TestGateway gateway = gateway()) {
            Awaitility.await().untilAsserted(() -> assertThat(authority.asked()).isGreaterThanOrEqualTo(2));
            RawCaller.Answer answer = ask(gateway);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("platform");
            ask(gateway);
            authority.mode(Mode.ANSWER);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(ask(gateway).status()).isEqualTo(200));
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        begin -> assertThat(begin)
                                .contains("platform", "401 invalid_client")
                                .doesNotContain(
                                        TokenEndpointAuthority.SECRET,
                                        TokenEndpointAuthority.CLIENT,
                                        TokenEndpointAuthority.TENANT),
                        end -> assertThat(end).contains("platform", "again"));
    }

    @Test
    void aRefusedTokenIsReplacedAndTheExchangeTriedOnceMore() throws Exception {
        try (TestGateway gateway = gateway()) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            shown();
            refuses.set(true);
            assertThat(ask(gateway).status())
                    .as("the second is refused as well")
                    .isEqualTo(401);
            assertThat(shown()).containsExactly("Bearer token-1", "Bearer token-2");
            refuses.set(false);
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(shown()).containsExactly("Bearer token-2");
            assertThat(authority.asked()).isEqualTo(2);
        }
    }

    @Test
    void aTokenThatComesAgainIsNotFetchedForEachRefusal() throws Exception {
        try (TestGateway gateway = gateway()) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            shown();
            authority.mode(Mode.REPEAT);
            refuses.set(true);
            assertThat(ask(gateway).status()).isEqualTo(401);
            assertThat(ask(gateway).status()).isEqualTo(401);
            assertThat(ask(gateway).status()).isEqualTo(401);
            assertThat(shown()).as("one is tried once more, the others are not").hasSize(4);
            assertThat(authority.asked()).isEqualTo(2);
        }
    }

    @Test
    void aBodyThatStreamedIsNotSentAgainAndTheTokenIsReplacedAllTheSame() throws Exception {
        refuses.set(true);
        String body = "{\"model\":\"gpt\",\"user\":\"" + "x".repeat(8192) + "\"}";
        try (TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"" + upstream.url() + "/v1\", credential: platform }] }",
                        "credentials: { platform: " + authority.yamlWithSecret() + " }",
                        "limits: { heldBytes: 1KiB }");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(body).read().status()).isEqualTo(401);
            Awaitility.await().untilAsserted(() -> assertThat(authority.asked()).isEqualTo(2));
            assertThat(shown()).containsExactly("Bearer token-1");
        }
    }

    @Test
    void aRefusalOfAKeyIsTheAnswer() throws Exception {
        refuses.set(true);
        try (TestGateway gateway = gateway(upstream, "{ key: a-key }")) {
            assertThat(ask(gateway).status()).isEqualTo(401);
            assertThat(shown()).hasSize(1);
        }
    }

    @Test
    void noThreadIsLeftWhenTheGatewayStops() throws Exception {
        try (TestGateway gateway = gateway()) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(threads()).isPositive();
        }
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isZero());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("credentials"))
                .count();
    }
}
