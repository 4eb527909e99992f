package headgate.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.ChatCompletionsClientBuilder;
import com.azure.ai.inference.models.ChatCompletions;
import com.azure.ai.inference.models.ChatCompletionsOptions;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.ai.inference.models.CompletionsFinishReason;
import com.azure.ai.inference.models.StreamingChatCompletionsUpdate;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that was cut is one that the libraries understand, with annotations and without. */
class FilteredClientTest {
    private static final String LEFT = " heard \"Hello!\". Where ";

    private static RunningGateway gateway;
    private static OpenAIClient openAi;
    private static ChatCompletionsClient azure;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.withFilter();
        openAi = gateway.openAi(RunningGateway.KEY);
        azure = new ChatCompletionsClientBuilder()
                .endpoint(gateway.tlsUrl() + "/models")
                .credential(new AzureKeyCredential(RunningGateway.KEY))
                .httpClient(new JdkHttpClientBuilder(
                                java.net.http.HttpClient.newBuilder().sslContext(gateway.trust()))
                        .build())
                .buildClient();
    }

    @AfterAll
    static void stop() {
        openAi.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "quiet"})
    void aChatEndsByTheFilter(String model) {
        ChatCompletion answer = openAi.chat().completions().create(OpenAiChat.of(model));
        assertThat(OpenAiChat.text(answer)).endsWith(LEFT);
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.CONTENT_FILTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "quiet"})
    void aStreamEndsByTheFilter(String model) {
        try (var events = openAi.chat().completions().createStreaming(OpenAiChat.of(model))) {
            List<ChatCompletionChunk> all = events.stream().toList();
            StringBuilder text = new StringBuilder();
            all.forEach(chunk -> chunk.choices()
                    .forEach(choice -> text.append(choice.delta().content().orElse(""))));
            assertThat(text.toString()).endsWith(LEFT);
            assertThat(all.get(all.size() - 1).choices().get(0).finishReason())
                    .contains(ChatCompletionChunk.Choice.FinishReason.CONTENT_FILTER);
            assertThat(all.get(0).choices().isEmpty())
                    .as("the first event tells of the prompt")
                    .isEqualTo(model.equals("gpt-4o"));
        }
    }

    @Test
    void aResponseIsIncomplete() {
        ResponseCreateParams asked =
                ResponseCreateParams.builder().model("gpt-4o").input("Hello!").build();
        Response answer = openAi.responses().create(asked);
        assertThat(answer.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(answer.incompleteDetails().orElseThrow().reason())
                .contains(Response.IncompleteDetails.Reason.CONTENT_FILTER);
        try (var events = openAi.responses().createStreaming(asked)) {
            List<ResponseStreamEvent> all = events.stream().toList();
            StringBuilder text = new StringBuilder();
            all.forEach(event -> event.outputTextDelta().ifPresent(delta -> text.append(delta.delta())));
            assertThat(text.toString()).endsWith(LEFT);
            assertThat(all.get(all.size() - 1)
                            .incomplete()
                            .orElseThrow()
                            .response()
                            .status())
                    .contains(ResponseStatus.INCOMPLETE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusedPromptIsABadRequestThatSaysWhatWasFound(boolean stream) {
        ChatCompletionCreateParams asked = ChatCompletionCreateParams.builder()
                .model("gpt-4o")
                .addUserMessage("Open the sluices!")
                .build();
        assertThatThrownBy(() -> {
                    if (stream) {
                        openAi.chat().completions().createStreaming(asked).close();
                    } else {
                        openAi.chat().completions().create(asked);
                    }
                })
                .isInstanceOfSatisfying(BadRequestException.class, error -> {
                    assertThat(error.code()).contains("content_filter");
                    assertThat(error.param()).contains("prompt");
                    assertThat(error.type()).contains("invalid_request_error");
                    assertThat(error.body().toString())
                            .contains("ResponsibleAIPolicyViolation", "custom_blocklists", "id=works");
                });
    }

    @Test
    void theAzureLibraryReadsTheRefusalToo() {
        ChatCompletionsOptions asked =
                new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Open the sluices!"))).setModel("gpt-4o");
        assertThatThrownBy(() -> azure.complete(asked)).isInstanceOfSatisfying(HttpResponseException.class, error -> {
            assertThat(error.getResponse().getStatusCode()).isEqualTo(400);
            assertThat(error.getResponse().getHeaders().getValue(HttpHeaderName.fromString("x-ms-error-code")))
                    .isEqualTo("content_filter");
            assertThat(BinaryData.fromObject(error.getValue()).toString())
                    .contains("\"code\":\"content_filter\"", "\"content_filter_result\":{\"custom_blocklists\"");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "quiet"})
    void theAzureLibraryReadsTheSame(String model) {
        ChatCompletionsOptions asked =
                new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Hello!"))).setModel(model);
        ChatCompletions answer = azure.complete(asked);
        assertThat(answer.getChoice().getMessage().getContent()).endsWith(LEFT);
        assertThat(answer.getChoice().getFinishReason()).isEqualTo(CompletionsFinishReason.CONTENT_FILTERED);
        StringBuilder text = new StringBuilder();
        List<StreamingChatCompletionsUpdate> all =
                azure.completeStream(asked).stream().toList();
        all.forEach(update -> update.getChoices().forEach(choice -> {
            String piece = choice.getDelta().getContent();
            text.append(piece == null ? "" : piece);
        }));
        assertThat(text.toString()).endsWith(LEFT);
        assertThat(all.get(all.size() - 1).getChoices().get(0).getFinishReason())
                .isEqualTo(CompletionsFinishReason.CONTENT_FILTERED);
    }
}
