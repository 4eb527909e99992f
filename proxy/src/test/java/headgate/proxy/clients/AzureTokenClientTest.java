package headgate.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.ChatCompletionsClientBuilder;
import com.azure.ai.inference.models.ChatCompletionsOptions;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.nimbusds.jose.JOSEException;
import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.credential.BearerTokenCredential;
import com.openai.errors.UnauthorizedException;
import headgate.proxy.journey.TokenAuthority;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The Azure clients without a key: a token of their issuer's, over TLS, for the scope they ask for by themselves. */
class AzureTokenClientTest {
    private static final List<String> SCOPES = new CopyOnWriteArrayList<>();
    private static TokenAuthority authority;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        authority = new TokenAuthority();
        gateway = RunningGateway.withIssuer(authority.yaml(""));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        authority.close();
    }

    /** As the issuer does it: the audience of the token is the scope without what is asked of it. */
    private static String token(String scope) {
        try {
            return TokenAuthority.token(
                    TokenAuthority.FIRST, authority.claims().audience(scope.replace("/.default", "")));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ChatCompletionsClient inference(TokenCredential credential) throws Exception {
        return new ChatCompletionsClientBuilder()
                .endpoint(gateway.tlsUrl() + "/models")
                .credential(credential)
                .httpClient(new JdkHttpClientBuilder(
                                java.net.http.HttpClient.newBuilder().sslContext(gateway.trust()))
                        .build())
                .buildClient();
    }

    private static ChatCompletionsOptions hello() {
        return new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Hello!"))).setModel("gpt-4o");
    }

    @Test
    void theInferenceClientIsAnsweredForItsOwnScope() throws Exception {
        ChatCompletionsClient client = inference(request -> {
            SCOPES.addAll(request.getScopes());
            return Mono.just(new AccessToken(
                    token(request.getScopes().get(0)),
                    OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(5)));
        });
        assertThat(client.complete(hello()).getChoice().getMessage().getContent())
                .contains("heard \"Hello!\".");
        StringBuilder text = new StringBuilder();
        client.completeStream(hello())
                .forEach(update -> update.getChoices().forEach(choice -> {
                    String piece = choice.getDelta().getContent();
                    text.append(piece == null ? "" : piece);
                }));
        assertThat(text.toString()).contains("heard \"Hello!\".");
        assertThat(SCOPES).isNotEmpty().allMatch(scope -> scope.equals("https://ml.azure.com/.default"));
    }

    @Test
    void theInferenceClientTakesABadTokenForAFailedAuthentication() throws Exception {
        ChatCompletionsClient client = inference(request -> Mono.just(new AccessToken(
                token("https://graph.microsoft.com/.default"),
                OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(5))));
        assertThatThrownBy(() -> client.complete(hello()))
                .asInstanceOf(type(ClientAuthenticationException.class))
                .satisfies(
                        error -> assertThat(error.getResponse().getStatusCode()).isEqualTo(401));
    }

    private static OpenAIClient openAi(String scope) throws Exception {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.tlsUrl())
                .sslSocketFactory(gateway.trust().getSocketFactory())
                .trustManager(gateway.trustManager())
                .azureUrlPathMode(AzureUrlPathMode.LEGACY)
                .azureServiceVersion(AzureOpenAIServiceVersion.latestStableVersion())
                .credential(BearerTokenCredential.create(() -> token(scope)))
                .build();
    }

    @Test
    void theOpenAiClientInItsAzureModeIsAnswered() throws Exception {
        OpenAIClient client = openAi("https://cognitiveservices.azure.com/.default");
        assertThat(OpenAiChat.text(client.chat().completions().create(OpenAiChat.of("gpt-4o"))))
                .contains("heard");
        client.close();
    }

    @Test
    void theOpenAiClientTakesABadTokenForUnauthorized() throws Exception {
        OpenAIClient client = openAi("https://graph.microsoft.com/.default");
        assertThatThrownBy(() -> client.chat().completions().create(OpenAiChat.of("gpt-4o")))
                .asInstanceOf(type(UnauthorizedException.class))
                .satisfies(error -> assertThat(error.code()).hasValue("401"));
        client.close();
    }
}
