package headgate.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.ChatCompletionsClientBuilder;
import com.azure.ai.inference.EmbeddingsClient;
import com.azure.ai.inference.EmbeddingsClientBuilder;
import com.azure.ai.inference.models.ChatCompletions;
import com.azure.ai.inference.models.ChatCompletionsOptions;
import com.azure.ai.inference.models.ChatCompletionsToolDefinition;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.ai.inference.models.CompletionsFinishReason;
import com.azure.ai.inference.models.FunctionCall;
import com.azure.ai.inference.models.FunctionDefinition;
import com.azure.ai.inference.models.ModelInfo;
import com.azure.ai.inference.models.ModelType;
import com.azure.ai.inference.models.StreamingChatCompletionsUpdate;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.rest.RequestOptions;
import com.azure.core.util.BinaryData;
import headgate.loadtest.provider.Counters.Count;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Azure AI Inference library, over TLS, since it sends no key without: {@code /models}, and a deployment's own URL. */
class AzureInferenceClientTest {
    private static RunningGateway gateway;
    private static HttpClient http;
    private static ChatCompletionsClient client;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.start();
        http = new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(gateway.trust())).build();
        client = client("/models", RunningGateway.KEY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static ChatCompletionsClient client(String path, String key) {
        return new ChatCompletionsClientBuilder()
                .endpoint(gateway.tlsUrl() + path)
                .credential(new AzureKeyCredential(key))
                .httpClient(http)
                .buildClient();
    }

    private static ChatCompletionsOptions asking(String model) {
        return asking(model, "Hello!");
    }

    private static ChatCompletionsOptions asking(String model, String question) {
        return new ChatCompletionsOptions(List.of(new ChatRequestUserMessage(question))).setModel(model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral-large", "gpt-4o", "phi-4"})
    void aChatGoesToAnyKindOfUpstream(String model) {
        ChatCompletions answer = client.complete(asking(model));
        assertThat(answer.getChoice().getMessage().getContent()).contains("heard \"Hello!\".");
        assertThat(answer.getUsage().getCompletionTokens()).isEqualTo(RunningGateway.TOKENS);
    }

    @Test
    void aStreamIsWhole() {
        StringBuilder text = new StringBuilder();
        List<StreamingChatCompletionsUpdate> all =
                client.completeStream(asking("mistral-large")).stream().toList();
        all.forEach(update -> update.getChoices().forEach(choice -> {
            String piece = choice.getDelta().getContent();
            text.append(piece == null ? "" : piece);
        }));
        assertThat(text.toString()).isEqualTo(RunningGateway.ANSWER);
        assertThat(all.get(all.size() - 1).getChoices())
                .as("the gateway's own wish for usage is taken out again, so the last event has a choice")
                .singleElement()
                .satisfies(choice -> assertThat(choice.getFinishReason()).isEqualTo(CompletionsFinishReason.STOPPED));
    }

    @Test
    void aLargeQuestionWithItsModelLastIsAnswered() {
        String megabytes = "All the water passes there. ".repeat(100_000);
        assertThat(client.complete(asking("mistral-large", megabytes))
                        .getUsage()
                        .getPromptTokens())
                .as("one token for four characters")
                .isEqualTo(megabytes.length() / 4);
    }

    @Test
    void aToolIsCalled() {
        FunctionDefinition weather = new FunctionDefinition("weather")
                .setParameters(BinaryData.fromObject(Map.of("type", "object", "properties", Map.of())));
        ChatCompletions answer = client.complete(asking("mistral-large", "Please call the tool.")
                .setTools(List.of(new ChatCompletionsToolDefinition(weather))));
        FunctionCall call =
                answer.getChoice().getMessage().getToolCalls().get(0).getFunction();
        assertThat(call.getName()).isEqualTo("weather");
        assertThat(call.getArguments())
                .isEqualTo("{\"model\":\"mistral-large-latest\",\"heard\":\"Please call the tool.\"}");
    }

    @Test
    void embeddingsComeAsManyAsThereAreInputs() {
        EmbeddingsClient embeddings = new EmbeddingsClientBuilder()
                .endpoint(gateway.tlsUrl() + "/models")
                .credential(new AzureKeyCredential(RunningGateway.KEY))
                .httpClient(http)
                .buildClient();
        assertThat(embeddings
                        .embed(List.of("one", "two"), 16, null, null, "text-embedding-3-small", null)
                        .getData())
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.getEmbeddingList()).hasSize(16));
    }

    @Test
    void aDeploymentsOwnUrlNeedsNoModel() {
        ChatCompletionsClient own = client("/openai/deployments/mistral-large", RunningGateway.KEY);
        assertThat(own.complete("Hello!").getChoice().getMessage().getContent()).isEqualTo(RunningGateway.ANSWER);
    }

    @Test
    void aModelsInformationIsThatOfTheOnlyDeployment() throws Exception {
        try (RunningGateway single = RunningGateway.withOneDeployment()) {
            ModelInfo info = new ChatCompletionsClientBuilder()
                    .endpoint(single.tlsUrl() + "/models")
                    .credential(new AzureKeyCredential(RunningGateway.KEY))
                    .httpClient(new JdkHttpClientBuilder(
                                    java.net.http.HttpClient.newBuilder().sslContext(single.trust()))
                            .build())
                    .buildClient()
                    .getModelInfo();
            assertThat(info.getModelName()).isEqualTo("Phi-4");
            assertThat(info.getModelProviderName()).isEqualTo("Microsoft");
            assertThat(info.getModelType()).isEqualTo(ModelType.CHAT_COMPLETION);
        }
    }

    @Test
    void withSeveralDeploymentsAModelsInformationNeedsAName() {
        assertThatThrownBy(client::getModelInfo)
                .asInstanceOf(type(HttpResponseException.class))
                .satisfies(error -> refused(error, 400, "no_model_name"));
    }

    @Test
    void extraParametersAreRefusedUnlessTheCallerSaysOtherwise() {
        assertThatThrownBy(() -> completeWithExtra(new RequestOptions()))
                .asInstanceOf(type(HttpResponseException.class))
                .satisfies(error -> {
                    refused(error, 400, "BadRequest");
                    assertThat(error)
                            .hasMessageContaining("Extra parameters ['top_k'] are not allowed when extra-parameters is"
                                    + " not set or set to be 'error'.");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop", "pass-through"})
    void extraParametersAreTakenWhereTheCallerSaysSo(String choice) {
        RequestOptions options = new RequestOptions().setHeader(HttpHeaderName.fromString("extra-parameters"), choice);
        assertThat(completeWithExtra(options)).contains("heard \\\"Hello!\\\".");
    }

    /** JSON by hand, because this library takes extra parameters in its options but does not send them. */
    private static String completeWithExtra(RequestOptions options) {
        BinaryData extra = BinaryData.fromString(
                "{\"model\":\"phi-4\",\"top_k\":7,\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}");
        return client.completeWithResponse(extra, options).getValue().toString();
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertThatThrownBy(() -> client.complete(asking("no-such-model")))
                .asInstanceOf(type(ResourceNotFoundException.class))
                .satisfies(error -> refused(error, 404, "unknown_model"));
    }

    @Test
    void noModelIsRefused() {
        assertThatThrownBy(() -> client.complete("Hello!"))
                .asInstanceOf(type(HttpResponseException.class))
                .satisfies(error -> refused(error, 400, "no_model_name"));
    }

    @Test
    void aWrongKeyIsAFailedAuthentication() {
        assertThatThrownBy(() -> client("/models", "not-the-key-of-anybody").complete(asking("gpt-4o")))
                .asInstanceOf(type(ClientAuthenticationException.class))
                .satisfies(error -> refused(error, 401, "401"));
    }

    private static void refused(HttpResponseException error, int status, String code) {
        assertThat(error.getResponse().getStatusCode()).isEqualTo(status);
        assertThat(error.getResponse().getHeaderValue(HttpHeaderName.fromString("x-ms-error-code")))
                .isEqualTo(code);
        assertThat(error).hasMessageContaining(code);
        assertThat(error.getValue()).as("the error as an object").isInstanceOf(Map.class);
    }

    @Test
    void aBusyUpstreamIsAskedAgainByTheClient() {
        long before = gateway.provider().value(Count.REQUESTS);
        assertThat(client.complete(asking("busy-once")).getChoice().getMessage().getContent())
                .startsWith("busy-once heard");
        assertThat(gateway.provider().value(Count.REQUESTS) - before).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-in-the-middle", "closed-in-the-middle"})
    void anUpstreamThatDiesInAStreamIsNotACleanEnd(String model) {
        assertThatThrownBy(() -> client.completeStream(asking(model)).forEach(update -> {}))
                .as("this client takes a clean end without [DONE] for success")
                .isInstanceOf(RuntimeException.class);
    }
}
