package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials of each kind, as the upstream and as the token endpoint see them. */
class UpstreamCredentialKindsJourneyTest {
    private static final String IDENTITY = "managedIdentity: { clientId: an-identity, endpoint: \"%s/token\"%s }";

    private TokenEndpointAuthority authority;
    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        authority = new TokenEndpointAuthority();
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        authority.close();
    }

    private TestGateway gateway(String credential) throws IOException {
        return UpstreamCredentialJourneyTest.gateway(upstream, credential);
    }

    /** What the upstream is shown by the next exchange. */
    private String shown(TestGateway gateway, String field) throws Exception {
        assertThat(UpstreamCredentialJourneyTest.ask(gateway).status()).isEqualTo(200);
        return upstream.next().field(field);
    }

    @Test
    void aSecretIsTurnedIntoAToken() throws Exception {
        try (TestGateway gateway = gateway(authority.yamlWithSecret())) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer token-1");
            assertThat(authority.nextForm())
                    .containsEntry("grant_type", "client_credentials")
                    .containsEntry("client_id", TokenEndpointAuthority.CLIENT)
                    .containsEntry("client_secret", TokenEndpointAuthority.SECRET)
                    .containsEntry("scope", "https://cognitiveservices.azure.com/.default")
                    .hasSize(4);
        }
    }

    @Test
    void aCertificateProvesTheApplicationByASignatureInsteadOfASecret() throws Exception {
        X509Bundle application = new CertificateBuilder()
                .rsa2048()
                .subject("CN=application")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        String proof = "certificate: %s, key: %s"
                .formatted(application.toTempCertChainPem(), application.toTempPrivateKeyPem());
        try (TestGateway gateway = gateway(authority.yaml(proof))) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer token-1");
            Map<String, String> form = authority.nextForm();
            assertThat(form)
                    .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                    .doesNotContainKey("client_secret");
            SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
            byte[] thumbprint = MessageDigest.getInstance("SHA-256")
                    .digest(application.getCertificate().getEncoded());
            assertThat(assertion.verify(new RSASSAVerifier(
                            (RSAPublicKey) application.getKeyPair().getPublic())))
                    .isTrue();
            assertThat(assertion.getHeader().getAlgorithm().getName()).isEqualTo("PS256");
            assertThat(assertion.getHeader().getX509CertSHA256Thumbprint()).isEqualTo(Base64URL.encode(thumbprint));
            assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo(TokenEndpointAuthority.CLIENT);
            assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo(TokenEndpointAuthority.CLIENT);
            assertThat(assertion.getJWTClaimsSet().getAudience())
                    .containsExactly(authority.url() + "/" + TokenEndpointAuthority.TENANT + "/oauth2/v2.0/token");
        }
    }

    @Test
    void aFederatedTokenIsReadAgainEachTime(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("federated.jwt"), "first-assertion\n");
        authority.lifeSeconds(2);
        try (TestGateway gateway = gateway(authority.yaml("federatedTokenFile: " + file))) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer token-1");
            assertThat(authority.nextForm()).containsEntry("client_assertion", "first-assertion");
            Files.writeString(file, "second-assertion\n");
            assertThat(authority.nextForm()).containsEntry("client_assertion", "second-assertion");
        }
    }

    @Test
    void aMachinesIdentityIsAskedForAtTheMetadataService() throws Exception {
        ScriptedUpstream platform = ScriptedUpstream.start((request, call) ->
                call.json(200, "{\"access_token\":\"of-the-machine\",\"expires_in\":\"3599\",\"x\":[{}]}"));
        try (platform;
                TestGateway gateway = gateway("{ " + IDENTITY.formatted(platform.url(), "") + " }")) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer of-the-machine");
            ScriptedUpstream.Request asked = platform.next();
            assertThat(asked.line())
                    .isEqualTo("GET /token?api-version=2018-02-01"
                            + "&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=an-identity HTTP/1.1");
            assertThat(asked.field("metadata")).isEqualTo("true");
        }
    }

    @Test
    void anAppServicesIdentityIsAskedForWithItsHeader() throws Exception {
        long untilSeconds = System.currentTimeMillis() / 1000 + 3600;
        ScriptedUpstream platform = ScriptedUpstream.start((request, call) ->
                call.json(200, "{\"access_token\":\"of-the-app\",\"expires_on\":\"" + untilSeconds + "\"}"));
        try (platform;
                TestGateway gateway =
                        gateway("{ " + IDENTITY.formatted(platform.url(), ", identityHeader: proof") + " }")) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer of-the-app");
            ScriptedUpstream.Request asked = platform.next();
            assertThat(asked.line()).contains("api-version=2019-08-01");
            assertThat(asked.field("x-identity-header")).isEqualTo("proof");
            assertThat(asked.field("metadata")).isEmpty();
        }
    }

    @Test
    void aFileWithATokenIsReadAgainWhenItChanges(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("bearer.jwt"), "first\n");
        try (TestGateway gateway = gateway("{ bearerFile: " + file + ", reloadTime: 100ms }")) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer first");
            Files.writeString(file, "second\n");
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(shown(gateway, "authorization")).isEqualTo("Bearer second"));
            Files.delete(file);
            Files.writeString(directory.resolve("other"), "not read");
            assertThat(shown(gateway, "authorization"))
                    .as("the last one goes on")
                    .isEqualTo("Bearer second");
        }
    }

    @Test
    void aKeyIsShownAsTheApiWantsIt() throws Exception {
        try (TestGateway gateway = gateway("{ key: a-key }")) {
            assertThat(shown(gateway, "authorization")).isEqualTo("Bearer a-key");
        }
        try (TestGateway gateway = TestGateway.withDeployment(
                "{ upstreams: [{ url: \"" + upstream.url() + "/openai\", api: azure, credential: platform }] }",
                "credentials: { platform: { key: a-key } }")) {
            assertThat(shown(gateway, "api-key")).isEqualTo("a-key");
        }
    }
}
