package headgate.proxy.journey;

import static headgate.proxy.journey.TokenAuthority.FIRST;
import static headgate.proxy.journey.TokenAuthority.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import headgate.proxy.journey.TokenAuthority.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer that changes its keys, is slow, or is not there. */
class IssuerJourneyTest {
    private TokenAuthority authority;
    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        authority = new TokenAuthority();
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        authority.close();
    }

    private TestGateway gateway(String more) throws IOException {
        return TestGateway.inFrontOf(
                upstream, "identity: { failedAttempts: 60000, issuers: [ " + authority.yaml(more) + " ] }");
    }

    private String token(String id, RSAKey key) throws Exception {
        return TokenAuthority.token(key, authority.claims().jwtID(id));
    }

    private static int status(TestGateway gateway, String token) throws IOException {
        return TokenCaller.chat(gateway, token).status();
    }

    @Test
    void aNewKeyIsLearntByTheFirstTokenThatNamesIt() throws Exception {
        try (TestGateway gateway = gateway(", unknownKeyInterval: 100ms")) {
            assertThat(status(gateway, token("1", FIRST))).isEqualTo(200);
            authority.publish(FIRST, SECOND);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(status(gateway, token("2", SECOND))).isEqualTo(200));
            assertThat(status(gateway, token("3", FIRST)))
                    .as("the other one goes on")
                    .isEqualTo(200);
        }
    }

    @Test
    void aKeyThatIsTakenBackProvesNothingMoreNotEvenWhatIsRemembered() throws Exception {
        try (TestGateway gateway = gateway(", refresh: 200ms")) {
            String remembered = token("1", FIRST);
            assertThat(status(gateway, remembered)).isEqualTo(200);
            authority.publish(SECOND);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(status(gateway, token("2", FIRST))).isEqualTo(401));
            assertThat(status(gateway, remembered)).isEqualTo(401);
            assertThat(status(gateway, token("3", SECOND))).isEqualTo(200);
        }
    }

    @Test
    void anIssuerThatFailsLeavesItsKnownKeysAndRefusesUnknownOnesWithoutAsking() throws Exception {
        try (TestGateway gateway = gateway(", refresh: 200ms, unknownKeyInterval: 1h, deadline: 1m")) {
            assertThat(status(gateway, token("1", FIRST))).isEqualTo(200);
            authority.mode(Mode.FAIL);
            int before = authority.keysAsked();
            Awaitility.await().pollDelay(Duration.ofMillis(500)).untilAsserted(() -> {
                assertThat(status(gateway, token("2", SECOND))).isEqualTo(401);
                assertThat(status(gateway, token("3", FIRST))).isEqualTo(200);
            });
            authority.mode(Mode.STALL);
            assertThat(status(gateway, token("4", SECOND)))
                    .as("nobody waits the deadline of a minute for an issuer that is known to fail")
                    .isEqualTo(401);
            assertThat(status(gateway, token("5", FIRST))).isEqualTo(200);
            assertThat(authority.keysAsked() - before)
                    .as("at most what was on its way when it began to fail")
                    .isLessThanOrEqualTo(2);
        }
    }

    @Test
    void knownKeysEndWithTheTimeForAnOutage() throws Exception {
        try (TestGateway gateway = gateway(", refresh: 200ms, unknownKeyInterval: 200ms, outage: 0s")) {
            String remembered = token("1", FIRST);
            assertThat(status(gateway, remembered)).isEqualTo(200);
            authority.mode(Mode.FAIL);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(status(gateway, remembered)).isEqualTo(503));
            authority.mode(Mode.ANSWER);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(status(gateway, remembered)).isEqualTo(200));
        }
    }

    @Test
    void aStormOfUnknownKeysAsksOncePerInterval() throws Exception {
        try (TestGateway gateway = gateway(", unknownKeyInterval: 500ms")) {
            Awaitility.await().until(() -> authority.keysAsked() == 2);
            assertThat(status(gateway, token("1", FIRST))).isEqualTo(200);
            long startNanos = System.nanoTime();
            List<Future<Set<Integer>>> storms = new ArrayList<>();
            ExecutorService callers = Executors.newFixedThreadPool(8);
            for (int i = 0; i < 8; i++) {
                String caller = "caller-" + i;
                storms.add(callers.submit(() -> storm(gateway, caller, startNanos)));
            }
            for (Future<Set<Integer>> storm : storms) {
                assertThat(storm.get()).containsOnly(401);
            }
            callers.shutdown();
            long intervals = (System.nanoTime() - startNanos) / 500_000_000;
            assertThat(authority.keysAsked() - 2)
                    .as("the readings of one issuer in %d intervals", intervals)
                    .isBetween(1, (int) intervals + 1);
        }
    }

    private Set<Integer> storm(TestGateway gateway, String caller, long startNanos) throws Exception {
        Set<Integer> statuses = new HashSet<>();
        for (int i = 0; System.nanoTime() - startNanos < 2_000_000_000L; i++) {
            statuses.add(status(gateway, TokenAuthority.token(caller + "-" + i, SECOND, authority.claims())));
        }
        return statuses;
    }

    @Test
    void aCallerMayLeaveWhileASlowIssuerIsAsked() throws Exception {
        authority.mode(Mode.STALL);
        try (TestGateway gateway = gateway(", deadline: 1m")) {
            RawCaller leaving = new RawCaller(gateway.port());
            leaving.send(TokenCaller.request(token("1", FIRST), "gpt"));
            RawCaller resetting = new RawCaller(gateway.port());
            resetting.send(TokenCaller.request(token("2", FIRST), "gpt"));
            Awaitility.await().until(() -> gateway.server().heldBytes() > 0);
            leaving.close();
            resetting.socket().setSoLinger(true, 0);
            resetting.close();
            Awaitility.await().until(() -> gateway.server().openConnections() == 0);
            assertThat(gateway.server().heldBytes()).isZero();
            assertThat(TokenCaller.chat(gateway, TestGateway.KEY).status())
                    .as("keys wait for nobody")
                    .isEqualTo(200);
        }
        assertThat(upstream.waiting()).isEqualTo(1);
    }

    @Test
    void aCallerThatWaitsIsLetInWhenTheIssuerAnswersAtLast() throws Exception {
        authority.mode(Mode.STALL);
        try (TestGateway gateway = gateway(", deadline: 300ms, unknownKeyInterval: 100ms");
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(TokenCaller.request(token("1", FIRST), "gpt"));
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status())
                    .as("nobody knows whether the token is good")
                    .isEqualTo(503);
            assertThat(answer.field("retry-after")).isEqualTo("1");
            authority.mode(Mode.ANSWER);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(status(gateway, token("2", FIRST))).isEqualTo(200));
        }
    }

    @Test
    void theFirstTokensWaitForTheFirstDocuments() throws Exception {
        try (TestGateway gateway = gateway("")) {
            assertThat(status(gateway, token("1", FIRST)))
                    .as("sent at once, before the documents can have come")
                    .isEqualTo(200);
        }
    }

    @Test
    void anIssuerUnderAForeignCertificateIsNotBelieved() throws Exception {
        try (TokenAuthority stranger = new TokenAuthority();
                TestGateway gateway = TestGateway.inFrontOf(
                        upstream,
                        "identity: { issuers: [ " + authority.yaml("").replace(authority.url(), stranger.url())
                                + " ] }")) {
            assertThat(status(gateway, TokenAuthority.token(FIRST, stranger.claims())))
                    .isEqualTo(503);
            assertThat(stranger.keysAsked()).isZero();
        }
    }
}
