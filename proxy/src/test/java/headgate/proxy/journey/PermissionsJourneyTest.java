package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what with which deployment, by the table in the configuration. */
class PermissionsJourneyTest {
    private static final String OTHER_KEY = "a-test-key-of-nobody-in-the-table";
    private static TokenAuthority authority;
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        authority = new TokenAuthority();
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.start(
                """
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %1$s, other: %2$s }
                identity: { issuers: [ %3$s ] }
                permissions:
                  - { for: ["oid:an-object"], deployments: by-oid }
                  - { for: ["app:an-app"], deployments: [By-App] }
                  - { for: ["group:a-group", "role:a/role"], deployments: ["by-g*", "*-role"] }
                  - { for: "scope:a.scope", deployments: "*-scope", rights: [infer] }
                  - { for: "key:caller", deployments: "*key*" }
                  - { for: "tenant:%4$s", deployments: "by-oid", rights: [read] }
                deployments:
                  by-oid: { upstreams: [{ url: "%5$s" }] }
                  by-app: { upstreams: [{ url: "%5$s" }] }
                  by-group: { upstreams: [{ url: "%5$s" }] }
                  by-role: { upstreams: [{ url: "%5$s" }] }
                  by-scope: { upstreams: [{ url: "%5$s" }] }
                  by-key: { upstreams: [{ url: "%5$s" }] }
                """.formatted(TestGateway.KEY, OTHER_KEY, authority.yaml(""), TokenAuthority.TENANT, upstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
        authority.close();
    }

    private static String token(String claim, String value) throws Exception {
        JWTClaimsSet.Builder claims = authority.claims();
        boolean list = claim.equals("groups") || claim.equals("roles");
        claims.claim(claim, list ? List.of("another", value) : value);
        return TokenAuthority.token(TokenAuthority.FIRST, claims);
    }

    @ParameterizedTest
    @CsvSource({
        "oid, an-object, by-oid",
        "appid, an-app, by-app",
        "appid, an-app, BY-APP",
        "azp, an-app, by-app",
        "groups, a-group, by-group",
        "groups, a-group, by-role",
        "roles, a/role, by-role",
        "scp, one a.scope two, by-scope",
    })
    void aRowGivesItsRightToWhoeverItNames(String claim, String value, String deployment) throws Exception {
        JWTClaimsSet.Builder claims = authority.claims().claim("appid", null);
        String token = claim.equals("azp")
                ? TokenAuthority.token(TokenAuthority.FIRST, claims.claim(claim, value))
                : token(claim, value);
        assertThat(TokenCaller.chat(gateway, token, deployment).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "oid, an-Object, by-oid",
        "oid, an-object, by-app",
        "appid, an-object, by-oid",
        "roles, a-group, by-group",
        "groups, a-group, by-scope",
        "scp, a.scopes, by-scope",
        "key, caller, by-key",
    })
    void whateverNoRowGivesIsDenied(String claim, String value, String deployment) throws Exception {
        RawCaller.Answer answer = TokenCaller.chat(gateway, token(claim, value), deployment);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("x-ms-error-code")).isEqualTo("PermissionDenied");
        assertThat(answer.body()).contains("\"Principal does not have access to API/Operation.\"");
    }

    @Test
    void keysHaveTheirRowsToo() throws Exception {
        assertThat(TokenCaller.chat(gateway, TestGateway.KEY, "by-key").status())
                .isEqualTo(200);
        assertThat(TokenCaller.chat(gateway, TestGateway.KEY, "by-oid").status())
                .isEqualTo(401);
        assertThat(TokenCaller.chat(gateway, OTHER_KEY, "by-key").status()).isEqualTo(401);
    }

    @Test
    void aDeploymentThatDoesNotExistIsNotFoundWhoeverAsks() throws Exception {
        assertThat(TokenCaller.chat(gateway, OTHER_KEY, "nowhere").status()).isEqualTo(404);
    }

    @Test
    void theListsShowOnlyWhatMayBeRead() throws Exception {
        assertThat(names(TestGateway.KEY, "/openai/v1/models")).containsExactly("by-key");
        assertThat(names(OTHER_KEY, "/openai/v1/models")).isEmpty();
        assertThat(names(token("groups", "a-group"), "/openai/deployments?api-version=2024-10-21"))
                .as("of the group, and of the tenant")
                .containsExactly("by-oid", "by-group", "by-role");
        assertThat(names(token("scp", "a.scope"), "/openai/v1/models"))
                .as("who may only infer sees nothing of it")
                .containsExactly("by-oid");
    }

    private static List<String> names(String credential, String target) throws IOException {
        String body = TokenCaller.get(gateway, credential, target).body();
        return java.util.regex.Pattern.compile("\"id\":\"([^\"]+)\"")
                .matcher(body)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void whatMayNotBeReadIsNotToldAboutEither() throws Exception {
        assertThat(TokenCaller.get(gateway, TestGateway.KEY, "/openai/v1/models/by-key")
                        .status())
                .isEqualTo(200);
        RawCaller.Answer denied = TokenCaller.get(gateway, TestGateway.KEY, "/openai/v1/models/by-oid");
        assertThat(denied.status()).isEqualTo(401);
        assertThat(denied.field("x-ms-error-code")).isEqualTo("PermissionDenied");
    }
}
