package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller with a token of Entra's, instead of a key. */
class TokenJourneyTest {
    private static TokenAuthority authority;
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        authority = new TokenAuthority();
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.inFrontOf(
                upstream,
                "identity: { issuers: [ " + authority.yaml(", audiences: [\"api://own/\"], leeway: 0s") + " ] }");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
        authority.close();
    }

    private static RawCaller.Answer chat(JWTClaimsSet.Builder claims) throws Exception {
        return TokenCaller.chat(gateway, TokenAuthority.token(TokenAuthority.FIRST, claims));
    }

    @Test
    void bothNamesOfATenantAreKnown() throws Exception {
        assertThat(chat(authority.claims()).status()).isEqualTo(200);
        assertThat(chat(authority.claims().issuer(TokenAuthority.oldIssuer())).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://cognitiveservices.azure.com",
                "https://cognitiveservices.azure.com/",
                "https://ai.azure.com",
                "https://ai.azure.com/",
                "https://ml.azure.com",
                "https://ml.azure.com/",
                "api://own",
                "api://own/",
            })
    void theAudiencesOfTheseEndpointsAndTheOperatorsOwnAreTaken(String audience) throws Exception {
        assertThat(chat(authority.claims().audience(audience)).status()).isEqualTo(200);
        assertThat(chat(authority.claims().audience(List.of("other", audience))).status())
                .isEqualTo(200);
    }

    @Test
    void aBadTokenIsRefusedInTheContractsWords() throws Exception {
        RawCaller.Answer answer = chat(authority.claims().audience("https://graph.microsoft.com"));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("www-authenticate")).isEqualTo("Bearer");
        assertThat(answer.field("x-ms-error-code")).isEqualTo("401");
        assertThat(answer.field("content-type")).startsWith("application/json");
        String message = "Unauthorized. Access token is missing, invalid, audience is incorrect"
                + " (https://cognitiveservices.azure.com), or have expired.";
        assertThat(answer.body())
                .isEqualTo(
                        "{\"statusCode\":401,\"message\":\"" + message + "\",\"error\":{\"code\":\"401\",\"message\":\""
                                + message + "\",\"type\":\"authentication_error\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "eyJhbGciOiJub25lIn0.e30.", "a.b.c.d.e", "eyJ=.e30=.x+/"})
    void whatOnlyLooksLikeATokenIsABadTokenAndEverythingElseABadKey(String credential) throws Exception {
        assertThat(TokenCaller.chat(gateway, credential).body()).startsWith("{\"statusCode\":401,");
        assertThat(TokenCaller.chat(gateway, "a.b").body()).contains("invalid subscription key");
    }

    @Test
    void keysGoOnBesideTokens() throws Exception {
        assertThat(TokenCaller.chat(gateway, TestGateway.KEY).status()).isEqualTo(200);
    }

    @Test
    void anyValidCredentialIsEnough() throws Exception {
        String token = TokenAuthority.token(TokenAuthority.FIRST, authority.claims());
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(TokenCaller.request(token, "gpt").replace("content-type", "api-key: wrong\r\ncontent-type"));
            assertThat(caller.read().status()).isEqualTo(200);
        }
        try (RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat("{\"model\":\"gpt\"}", "authorization: Bearer " + token.substring(1))
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void nothingOfTheTokenReachesTheUpstream() throws Exception {
        while (upstream.waiting() > 0) {
            upstream.next();
        }
        assertThat(chat(authority.claims()).status()).isEqualTo(200);
        assertThat(upstream.next().field("authorization")).isEqualTo("Bearer provider-secret");
    }

    @Test
    void aRememberedTokenDoesNotOutliveItsExpiry() throws Exception {
        Instant expiry = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
        String token =
                TokenAuthority.token(TokenAuthority.FIRST, authority.claims().expirationTime(Date.from(expiry)));
        assertThat(TokenCaller.chat(gateway, token).status()).isEqualTo(200);
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(TokenCaller.chat(gateway, token).status()).isEqualTo(401));
        assertThat(Instant.now()).as("and not before").isAfterOrEqualTo(expiry);
    }
}
