package headgate.proxy.clients;

import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.Delta.ToolCall.Function;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chats of the openai library: what is asked, and what an answer or a stream came to. */
final class OpenAiChat {
    /** What a stream came to. */
    record Streamed(String text, String toolCall, boolean ends, Optional<CompletionUsage> usage) {}

    private OpenAiChat() {}

    static ChatCompletionCreateParams of(String model) {
        return asking(model, "Hello!");
    }

    static ChatCompletionCreateParams asking(String model, String question) {
        return chat(model, question).build();
    }

    static ChatCompletionCreateParams withUsage(String model) {
        ChatCompletionStreamOptions usage =
                ChatCompletionStreamOptions.builder().includeUsage(true).build();
        return chat(model, "Hello!").streamOptions(usage).build();
    }

    static ChatCompletionCreateParams withTool(String model) {
        FunctionParameters parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                .build();
        FunctionDefinition weather = FunctionDefinition.builder()
                .name("weather")
                .parameters(parameters)
                .build();
        return chat(model, "Please call the tool.")
                .addTool(ChatCompletionFunctionTool.builder().function(weather).build())
                .build();
    }

    static String text(ChatCompletion answer) {
        return answer.choices().get(0).message().content().orElseThrow();
    }

    /** The tool's name, and behind it the arguments. */
    static String toolCall(ChatCompletion answer) {
        ChatCompletionMessageFunctionToolCall.Function function = answer.choices()
                .get(0)
                .message()
                .toolCalls()
                .orElseThrow()
                .get(0)
                .asFunction()
                .function();
        return function.name() + function.arguments();
    }

    /** Reads to the end, as a program would. */
    static Streamed read(StreamResponse<ChatCompletionChunk> events) {
        StringBuilder text = new StringBuilder();
        StringBuilder tool = new StringBuilder();
        List<ChatCompletionChunk> all = events.stream().toList();
        boolean ends = false;
        Optional<CompletionUsage> usage = Optional.empty();
        for (ChatCompletionChunk event : all) {
            usage = event.usage().isPresent() ? event.usage() : usage;
            for (ChatCompletionChunk.Choice choice : event.choices()) {
                choice.delta().content().ifPresent(text::append);
                choice.delta()
                        .toolCalls()
                        .ifPresent(calls -> append(calls.get(0).function(), tool));
                ends = choice.finishReason().isPresent();
            }
        }
        return new Streamed(text.toString(), tool.toString(), ends, usage);
    }

    private static void append(Optional<Function> function, StringBuilder tool) {
        function.flatMap(Function::name).ifPresent(tool::append);
        function.flatMap(Function::arguments).ifPresent(tool::append);
    }

    private static ChatCompletionCreateParams.Builder chat(String model, String question) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(question);
    }
}
