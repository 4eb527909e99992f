package headgate.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.credential.BearerTokenCredential;
import com.openai.credential.Credential;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.ResponseCreateParams;
import headgate.loadtest.provider.Counters.Count;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The openai library in its Azure mode: the deployment named in the path, an {@code api-version}, an {@code api-key}. */
class OpenAiAzureClientTest {
    private static RunningGateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.start();
        client = client(AzureApiKeyCredential.create(RunningGateway.KEY));
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    private static OpenAIClient client(Credential credential) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url())
                .azureUrlPathMode(AzureUrlPathMode.LEGACY)
                .azureServiceVersion(AzureOpenAIServiceVersion.latestStableVersion())
                .credential(credential)
                .build();
    }

    @Test
    void aChatGoesToTheDeploymentInThePath() {
        assertThat(OpenAiChat.text(client.chat().completions().create(OpenAiChat.of("mistral-large"))))
                .isEqualTo(RunningGateway.ANSWER);
    }

    @Test
    void aStreamIsWhole() {
        try (var events = client.chat().completions().createStreaming(OpenAiChat.withUsage("mistral-large"))) {
            OpenAiChat.Streamed streamed = OpenAiChat.read(events);
            assertThat(streamed.text()).isEqualTo(RunningGateway.ANSWER);
            assertThat(streamed.ends()).isTrue();
            assertThat(streamed.usage().orElseThrow().completionTokens()).isEqualTo(RunningGateway.TOKENS);
        }
    }

    @Test
    void aToolIsCalled() {
        assertThat(OpenAiChat.toolCall(client.chat().completions().create(OpenAiChat.withTool("gpt-4o"))))
                .startsWith("weather{");
    }

    @Test
    void anEmbeddingIsAnswered() {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .input("one")
                        .build());
        assertThat(answer.data())
                .hasSize(1)
                .allSatisfy(entry -> assertThat(entry.embedding()).hasSize(8));
    }

    @Test
    void anImageAndSpeechAreAnswered() throws Exception {
        assertThat(client.images()
                        .generate(ImageGenerateParams.builder()
                                .model("dall-e-3")
                                .prompt("A canal")
                                .build())
                        .data()
                        .orElseThrow())
                .hasSize(1);
        try (HttpResponse answer = client.audio()
                .speech()
                .create(SpeechCreateParams.builder()
                        .model("tts-1")
                        .voice("alloy")
                        .input("Hello!")
                        .build())) {
            assertThat(answer.body().readAllBytes()).hasSize(RunningGateway.TOKENS * 1024);
        }
    }

    @Test
    void responsesHaveNoPathOfTheirDeploymentAndTheCallerIsToldSo() {
        assertThatThrownBy(() -> client.responses().create(hello()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("/openai/deployments/mistral-large/responses");
    }

    @Test
    void inTheUnifiedModeAResponseNamesItsDeploymentInTheBody() {
        OpenAIClient unified = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url() + "/openai/v1")
                .azureUrlPathMode(AzureUrlPathMode.UNIFIED)
                .credential(AzureApiKeyCredential.create(RunningGateway.KEY))
                .build();
        assertThat(unified.responses().create(hello()).model().asString()).isEqualTo("mistral-large-latest");
        unified.close();
    }

    private static ResponseCreateParams hello() {
        return ResponseCreateParams.builder()
                .model("mistral-large")
                .input("Hello!")
                .build();
    }

    @Test
    void theModelsAreTheDeployments() {
        assertThat(client.models().list().items()).extracting(Model::id).contains("gpt-4o", "mistral-large");
    }

    @Test
    void aKeyIsTakenAsABearerTokenToo() {
        OpenAIClient bearer = client(BearerTokenCredential.create(RunningGateway.KEY));
        assertThat(OpenAiChat.text(bearer.chat().completions().create(OpenAiChat.of("gpt-4o"))))
                .contains("heard");
        bearer.close();
    }

    @Test
    void anUnknownDeploymentIsNotFound() {
        assertThatThrownBy(() -> client.chat().completions().create(OpenAiChat.of("no-such-deployment")))
                .asInstanceOf(type(NotFoundException.class))
                .satisfies(error -> assertThat(error.code()).hasValue("DeploymentNotFound"));
    }

    @Test
    void aWrongKeyIsUnauthorized() {
        OpenAIClient stranger = client(AzureApiKeyCredential.create("not-the-key-of-anybody"));
        assertThatThrownBy(() -> stranger.chat().completions().create(OpenAiChat.of("gpt-4o")))
                .asInstanceOf(type(UnauthorizedException.class))
                .satisfies(error -> assertThat(error.code()).hasValue("401"));
        stranger.close();
    }

    @Test
    void aBusyUpstreamIsAskedAgainByTheClient() {
        long before = gateway.provider().value(Count.REQUESTS);
        assertThat(OpenAiChat.text(client.chat().completions().create(OpenAiChat.of("busy-once"))))
                .startsWith("busy-once heard");
        assertThat(gateway.provider().value(Count.REQUESTS) - before).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-in-the-middle", "closed-in-the-middle"})
    void anUpstreamThatDiesInAStreamIsNotACleanEnd(String deployment) {
        try (var events = client.chat().completions().createStreaming(OpenAiChat.of(deployment))) {
            assertThatThrownBy(() -> OpenAiChat.read(events)).isInstanceOf(OpenAIException.class);
        }
    }
}
