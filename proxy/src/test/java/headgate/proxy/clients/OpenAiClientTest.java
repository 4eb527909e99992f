package headgate.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The openai library with a base URL: {@code /openai/v1}, the deployment named by {@code model}. */
class OpenAiClientTest {
    private static RunningGateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.start();
        client = gateway.openAi(RunningGateway.KEY);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void aChatGoesToTheUpstreamThatTheModelNames() {
        ChatCompletion answer = client.chat().completions().create(OpenAiChat.of("mistral-large"));
        assertThat(OpenAiChat.text(answer)).isEqualTo(RunningGateway.ANSWER);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(RunningGateway.TOKENS);
    }

    @Test
    void aStreamIsWholeAndTellsNoUsageThatWasNotAskedFor() {
        try (var events = client.chat().completions().createStreaming(OpenAiChat.of("mistral-large"))) {
            OpenAiChat.Streamed streamed = OpenAiChat.read(events);
            assertThat(streamed.text()).isEqualTo(RunningGateway.ANSWER);
            assertThat(streamed.ends())
                    .as("the last event with a choice says so")
                    .isTrue();
            assertThat(streamed.usage())
                    .as("the gateway's own wish is taken out again")
                    .isEmpty();
        }
    }

    @Test
    void aStreamTellsTheUsageThatWasAskedFor() {
        try (var events = client.chat().completions().createStreaming(OpenAiChat.withUsage("gpt-4o"))) {
            assertThat(OpenAiChat.read(events).usage().orElseThrow().completionTokens())
                    .isEqualTo(RunningGateway.TOKENS);
        }
    }

    @Test
    void aToolIsCalledWholeAndInPieces() {
        assertThat(OpenAiChat.toolCall(client.chat().completions().create(OpenAiChat.withTool("gpt-4o"))))
                .isEqualTo("weather{\"model\":\"gpt-4o\",\"heard\":\"Please call the tool.\"}");
        try (var events = client.chat().completions().createStreaming(OpenAiChat.withTool("mistral-large"))) {
            assertThat(OpenAiChat.read(events).toolCall())
                    .isEqualTo("weather{\"model\":\"mistral-large-latest\",\"heard\":\"Please call the tool.\"}");
        }
    }

    @Test
    void aQuestionTooLargeToBeHeldIsAnswered() {
        String megabytes = "All the water passes there. ".repeat(100_000);
        ChatCompletion answer = client.chat().completions().create(OpenAiChat.asking("mistral-large", megabytes));
        assertThat(answer.usage().orElseThrow().promptTokens())
                .as("one token for four characters")
                .isEqualTo(megabytes.length() / 4);
    }

    @Test
    void streamsAtTheSameTimeKeepApart() throws Exception {
        int callers = 64;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<Future<String>> streams = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            String question = "This is caller " + caller;
            streams.add(threads.submit(() -> stream(question)));
        }
        for (int caller = 0; caller < callers; caller++) {
            assertThat(streams.get(caller).get())
                    .startsWith("mistral-large-latest heard \"This is caller " + caller + "\".");
        }
        threads.shutdown();
    }

    private static String stream(String question) {
        try (var events = client.chat().completions().createStreaming(OpenAiChat.asking("mistral-large", question))) {
            return OpenAiChat.read(events).text();
        }
    }

    @Test
    void aCompletionOfTheOldKindIsAnswered() {
        Completion answer = client.completions()
                .create(CompletionCreateParams.builder()
                        .model("mistral-large")
                        .prompt("Hello!")
                        .build());
        assertThat(answer.choices().get(0).text()).startsWith("mistral-large-latest heard");
    }

    @Test
    void embeddingsComeAsManyAsThereAreInputs() {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .inputOfArrayOfStrings(List.of("one", "two", "three"))
                        .dimensions(16)
                        .build());
        assertThat(answer.data())
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.embedding()).hasSize(16));
    }

    @Test
    void aResponseIsAnsweredWholeAndInEvents() {
        ResponseCreateParams asked = ResponseCreateParams.builder()
                .model("mistral-large")
                .input("Hello!")
                .build();
        assertThat(text(client.responses().create(asked))).isEqualTo(RunningGateway.ANSWER);
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(asked)) {
            List<ResponseStreamEvent> all = new ArrayList<>();
            events.stream().forEach(all::add);
            Response last = all.get(all.size() - 1).asCompleted().response();
            StringBuilder pieces = new StringBuilder();
            all.forEach(event -> event.outputTextDelta().ifPresent(delta -> pieces.append(delta.delta())));
            assertThat(pieces).hasToString(text(last)).startsWith("mistral-large-latest heard");
            assertThat(last.usage().orElseThrow().outputTokens()).isEqualTo(RunningGateway.TOKENS);
        }
    }

    private static String text(Response response) {
        return response.output()
                .get(0)
                .asMessage()
                .content()
                .get(0)
                .asOutputText()
                .text();
    }

    @Test
    void anImageComesAsBase64() {
        ImagesResponse answer = client.images()
                .generate(ImageGenerateParams.builder()
                        .model("dall-e-3")
                        .prompt("A canal")
                        .build());
        assertThat(answer.data().orElseThrow().get(0).b64Json().orElseThrow()).startsWith("iVBOR");
    }

    @Test
    void speechComesAsBytes() throws Exception {
        SpeechCreateParams asked = SpeechCreateParams.builder()
                .model("tts-1")
                .voice("alloy")
                .input("Hello!")
                .build();
        try (HttpResponse answer = client.audio().speech().create(asked)) {
            assertThat(answer.headers().values("content-type")).containsExactly("audio/mpeg");
            assertThat(answer.body().readAllBytes()).hasSize(RunningGateway.TOKENS * 1024);
        }
    }

    @Test
    void theModelsAreTheDeployments() {
        assertThat(client.models().list().items()).extracting(Model::id).contains("gpt-4o", "mistral-large", "tts-1");
        assertThat(client.models().retrieve("phi-4").ownedBy()).isEqualTo("Microsoft");
    }
}
