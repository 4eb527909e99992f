package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.ai.inference.ChatCompletionsClientBuilder;
import com.azure.ai.inference.models.ChatCompletionsOptions;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * Tokens of one authority on all of their ways: to a caller by Azure's own library, and to a gateway that calls another.
 *
 * <p>Who stands in for Entra here satisfies that library, so what our own credential is given is what Entra would give it.
 */
class AzureIdentityJourneyTest {
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";
    private static final String ANSWER = """
            {"id":"1","object":"chat.completion","created":1,"model":"m","usage":{"prompt_tokens":1,"completion_tokens":1,\
            "total_tokens":2},"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hi."}}]}""";

    private final Path directory;
    private TokenAuthority authority;
    private ScriptedUpstream upstream;
    private TlsGround ground;
    private TestGateway second;

    AzureIdentityJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void start() throws Exception {
        authority = new TokenAuthority();
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, ANSWER));
        ground = new TlsGround(directory);
        ground.write("gateway", "gateway", "localhost");
        second = gateway("url: \"" + upstream.url() + "/v1\", key: provider-secret", "");
    }

    @AfterEach
    void stop() throws IOException {
        second.close();
        upstream.close();
        authority.close();
    }

    /** A gateway that knows nobody but callers with the authority's tokens. */
    private TestGateway gateway(String upstream, String more) throws IOException {
        return TestGateway.start("""
                listeners: [{ address: "127.0.0.1:0", tls: { certificate: "%1$s/gateway.crt", key: "%1$s/gateway.key" } }]
                accessLog: off
                identity: { disableLocalAuth: true, issuers: [ %2$s ] }
                deployments: { gpt: { upstreams: [{ %3$s }] } }
                """.formatted(directory, authority.yaml(""), upstream) + more);
    }

    /** A gateway in front of the second one, which has a credential of its own at the same authority. */
    private TestGateway first(String proof) throws IOException {
        return gateway(
                "url: \"https://localhost:%d/openai/v1\", ca: \"%s/ca.pem\", credential: platform"
                        .formatted(second.port(), directory),
                "credentials: { platform: { entra: { tenant: %s, clientId: %s, authority: \"%s\", ca: \"%s\", %s } } }"
                        .formatted(
                                TokenAuthority.TENANT,
                                ApplicationTokens.APPLICATION,
                                authority.url(),
                                authority.certificate(),
                                proof));
    }

    private <T extends AadCredentialBuilderBase<T>> T at(T builder) throws Exception {
        SSLContext trust = TlsGround.trusting(authority.certificate());
        return builder.tenantId(TokenAuthority.TENANT)
                .clientId(ApplicationTokens.APPLICATION)
                .authorityHost(authority.url())
                .disableInstanceDiscovery()
                .httpClient(http(trust));
    }

    private static HttpClient http(SSLContext trust) {
        return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(trust)).build();
    }

    private TokenCredential secret(String secret) throws Exception {
        return at(new ClientSecretCredentialBuilder()).clientSecret(secret).build();
    }

    /** What a caller hears from a gateway that it shows this credential to. */
    private String ask(TestGateway gateway, TokenCredential credential) throws Exception {
        return new ChatCompletionsClientBuilder()
                .endpoint("https://localhost:" + gateway.port() + "/models")
                .credential(credential)
                .httpClient(http(ground.callers(null)))
                .buildClient()
                .complete(new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Hello!"))).setModel("gpt"))
                .getChoice()
                .getMessage()
                .getContent();
    }

    @Test
    void aSecretOfTheLibraryPassesOneGatewayAndThatGatewaysOwnPassesTheNext() throws Exception {
        try (TestGateway first = first("clientSecret: \"" + ApplicationTokens.SECRET + "\"")) {
            assertThat(ask(first, secret(ApplicationTokens.SECRET))).isEqualTo("Hi.");
            assertThat(upstream.next().field("authorization"))
                    .as("no token leaves the second one")
                    .isEqualTo("Bearer provider-secret");
        }
    }

    @Test
    void theGatewayAsksForItsTokenInTheWordsOfTheLibrary() throws Exception {
        try (TestGateway first = first("clientSecret: \"" + ApplicationTokens.SECRET + "\"")) {
            AccessToken token =
                    secret(ApplicationTokens.SECRET).getTokenSync(new TokenRequestContext().addScopes(SCOPE));
            assertThat(ask(first, request -> Mono.just(token))).isEqualTo("Hi.");
            List<Map<String, String>> forms = authority.tokens().forms();
            assertThat(forms).hasSize(2);
            int library = forms.get(0).containsKey("client_info") ? 0 : 1;
            Map<String, String> ours = forms.get(1 - library);
            Map<String, String> theirs = new HashMap<>(forms.get(library));
            assertThat(ours).containsOnlyKeys("grant_type", "client_id", "client_secret", "scope");
            assertThat(theirs.put("scope", SCOPE))
                    .as("the library adds what only a user's sign-in needs")
                    .endsWith(" " + SCOPE);
            assertThat(theirs).containsAllEntriesOf(ours);
        }
    }

    @Test
    void aCertificateIsAProofForBoth() throws Exception {
        X509Bundle application = new CertificateBuilder()
                .rsa2048()
                .subject("CN=application")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        authority.tokens().trust((RSAPublicKey) application.getKeyPair().getPublic());
        Path both = Files.writeString(
                directory.resolve("application.pem"), application.getPrivateKeyPEM() + application.getCertificatePEM());
        TokenCredential library = at(new ClientCertificateCredentialBuilder())
                .pemCertificate(both.toString())
                .build();
        try (TestGateway first = first("certificate: \"%s\", key: \"%s\""
                .formatted(application.toTempCertChainPem(), application.toTempPrivateKeyPem()))) {
            assertThat(ask(first, library)).isEqualTo("Hi.");
        }
        assertThat(authority.tokens().forms())
                .hasSize(2)
                .allSatisfy(form -> assertThat(form).containsKey("client_assertion"));
    }

    @Test
    void aFederatedTokenIsAProofForBoth() throws Exception {
        Path file = Files.writeString(directory.resolve("federated.jwt"), ApplicationTokens.FEDERATED);
        TokenCredential library = at(new WorkloadIdentityCredentialBuilder())
                .tokenFilePath(file.toString())
                .build();
        try (TestGateway first = first("federatedTokenFile: \"" + file + "\"")) {
            assertThat(ask(first, library)).isEqualTo("Hi.");
        }
        assertThat(authority.tokens().forms())
                .hasSize(2)
                .allSatisfy(form -> assertThat(form).containsEntry("client_assertion", ApplicationTokens.FEDERATED));
    }

    @Test
    void withoutTheProofNeitherGetsAnything() throws Exception {
        TokenCredential library = secret("another secret");
        assertThatThrownBy(() -> library.getTokenSync(new TokenRequestContext().addScopes(SCOPE)))
                .hasMessageContaining("AADSTS7000215");
        try (TestGateway first = first("clientSecret: another")) {
            assertThatThrownBy(() -> ask(first, secret(ApplicationTokens.SECRET)))
                    .hasMessageContaining("503");
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void aTokenForAnotherServiceIsRefused() throws Exception {
        TokenCredential library = secret(ApplicationTokens.SECRET);
        TokenRequestContext graph = new TokenRequestContext().addScopes("https://graph.microsoft.com/.default");
        assertThatThrownBy(() -> ask(second, request -> library.getToken(graph)))
                .hasMessageContaining("401");
        assertThat(ask(second, library)).as("and its own is not").isEqualTo("Hi.");
    }
}
