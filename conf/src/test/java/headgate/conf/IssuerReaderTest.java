package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.PermissionConfig.Right;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who issues tokens, and the table of permissions, as they are written and as they are meant. */
final class IssuerReaderTest {
    private static final String TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    private static final Set<String> AZURE =
            Set.of("https://cognitiveservices.azure.com", "https://ai.azure.com", "https://ml.azure.com");

    private final Path directory;

    IssuerReaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aTenantIssuesUnderTwoNames() throws ConfigException {
        List<IssuerConfig> issuers = load("identity: { issuers: [ { tenant: "
                        + TENANT.toUpperCase(java.util.Locale.ROOT) + " } ] }")
                .identity()
                .issuers();
        assertThat(issuers)
                .containsExactly(
                        entra("https://sts.windows.net/" + TENANT + "/", "https://login.microsoftonline.com/" + TENANT),
                        entra(
                                "https://login.microsoftonline.com/" + TENANT + "/v2.0",
                                "https://login.microsoftonline.com/" + TENANT + "/v2.0"));
    }

    private static IssuerConfig entra(String issuer, String home) {
        return new IssuerConfig(
                issuer,
                URI.create(home + "/.well-known/openid-configuration"),
                null,
                TENANT,
                AZURE,
                Set.of(TokenAlgorithm.RS256),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofHours(24),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                null);
    }

    @Test
    void anotherCloudHasOtherNames() throws ConfigException {
        List<IssuerConfig> issuers = load("""
                identity:
                  issuers: [ { tenant: %s, authority: "https://login.example/", sts: "https://sts.example/", audiences: ["api://a/"] } ]
                """.formatted(TENANT)).identity().issuers();
        assertThat(issuers)
                .extracting(IssuerConfig::issuer)
                .containsExactly("https://sts.example/" + TENANT + "/", "https://login.example/" + TENANT + "/v2.0");
        assertThat(issuers)
                .extracting(IssuerConfig::discovery)
                .containsExactly(
                        URI.create("https://login.example/" + TENANT + "/.well-known/openid-configuration"),
                        URI.create("https://login.example/" + TENANT + "/v2.0/.well-known/openid-configuration"));
        assertThat(issuers)
                .allSatisfy(issuer -> assertThat(issuer.audiences()).hasSize(4).contains("api://a"));
    }

    @Test
    void everyKeyOfAnyOtherIssuerReachesItsOwnComponent() throws ConfigException, IOException {
        Path ca = Files.writeString(directory.resolve("ca.pem"), "PEM");
        IdentityConfig identity = load("""
                identity:
                  issuers:
                    - { issuer: "https://login.example/x/", jwks: "https://keys.example/k", audiences: [one, two/],
                        algorithms: [ES256, PS512], leeway: 1s, refresh: 2s, outage: 3s, unknownKeyInterval: 4s, deadline: 5s,
                        ca: ca.pem }
                  tokens: { bytes: 1025, jsonDepth: 3, headerMembers: 4, remembered: 5, documentBytes: 1026 }
                """).identity();
        assertThat(identity.issuers())
                .containsExactly(new IssuerConfig(
                        "https://login.example/x/",
                        URI.create("https://login.example/x/.well-known/openid-configuration"),
                        URI.create("https://keys.example/k"),
                        null,
                        Set.of("one", "two"),
                        Set.of(TokenAlgorithm.ES256, TokenAlgorithm.PS512),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        ca));
        assertThat(identity.tokens()).isEqualTo(new TokensConfig(1025, 3, 4, 5, 1026));
    }

    @Test
    void aTableOfPermissionsIsTakenRowByRow() throws ConfigException {
        assertThat(load("""
                keys: { chat: a-secret-of-chat }
                permissions:
                  - { for: [key:chat, "role:a/b"], deployments: OK }
                  - { for: group:1, deployments: ["gpt-*", ok], rights: [manage] }
                """).permissions())
                .containsExactly(
                        new PermissionConfig(
                                List.of("key:chat", "role:a/b"), List.of("OK"), Set.of(Right.INFER, Right.READ)),
                        new PermissionConfig(List.of("group:1"), List.of("gpt-*", "ok"), Set.of(Right.MANAGE)));
        assertThat(load("permissions: []").permissions())
                .as("an empty table gives nobody a right")
                .isEmpty();
    }

    private GatewayConfig load(String text) throws ConfigException {
        return ConfigLoader.load(
                text + "\ndeployments: { ok: { upstreams: [{ url: http://h }] } }",
                directory.resolve("headgate.yaml"),
                Map.of());
    }
}
