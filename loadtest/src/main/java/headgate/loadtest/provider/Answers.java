package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Finds the answer to a call: its operation's, the list of models, or an error. */
final class Answers {
    private static final String[] MODELS = {"simulated-chat", "simulated-embedding", "simulated-image"};

    private Answers() {}

    static Answer to(Operation operation, Question question) {
        return switch (operation) {
            case CHAT -> ChatAnswer.of(question);
            case COMPLETIONS -> CompletionAnswer.of(question);
            case EMBEDDINGS, IMAGE_EMBEDDINGS -> EmbeddingAnswer.of(question);
            case RESPONSES -> ResponsesAnswer.of(question);
            case IMAGES -> MediaAnswer.images(question);
            case SPEECH -> MediaAnswer.speech(question);
            case MODELS -> models(question.createdSeconds());
            case COUNTERS -> throw new IllegalArgumentException("the counters are no answer of a provider");
        };
    }

    /** An error as OpenAI writes it. */
    static Answer.Whole error(int status, @Nullable String code, String message) {
        String type = status >= 500 ? "server_error" : status == 429 ? "rate_limit_error" : "invalid_request_error";
        ByteBuf body = Unpooled.copiedBuffer(
                "{\"error\":{\"message\":" + AnswerText.quoted(message) + ",\"type\":\"" + type
                        + "\",\"param\":null,\"code\":" + (code == null ? "null" : AnswerText.quoted(code)) + "}}",
                UTF_8);
        Answer.Whole json = Answer.Whole.json(body, 0, 0);
        return new Answer.Whole(status, json.contentType(), json.headers(), body, 0, 0);
    }

    /** The error that a fault asks for; where callers may wait, it says how long. */
    static Answer.Whole fault(Fault fault) {
        int status = fault.status();
        String message = "Simulated fault: " + HttpResponseStatus.valueOf(status) + ".";
        if (status != 429 && status != 503) {
            return error(status, null, message);
        }
        int seconds = fault.argument();
        String code = status == 429 ? "rate_limit_exceeded" : null;
        Answer.Whole answer = error(status, code, message + " Please retry after " + seconds + " seconds.");
        answer.headers().set(HttpHeaderNames.RETRY_AFTER, seconds).set("retry-after-ms", seconds * 1000L);
        return answer;
    }

    private static Answer models(long created) {
        StringBuilder list = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (String model : MODELS) {
            list.append(list.charAt(list.length() - 1) == '[' ? "" : ",")
                    .append("{\"id\":\"" + model + "\",\"object\":\"model\",\"created\":" + created)
                    .append(",\"owned_by\":\"headgate\"}");
        }
        return Answer.Whole.json(Unpooled.copiedBuffer(list + "]}", UTF_8), 0, 0);
    }
}
