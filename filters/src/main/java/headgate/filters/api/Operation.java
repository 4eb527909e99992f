package headgate.filters.api;

import headgate.conf.DeploymentConfig.OperationName;
import org.jspecify.annotations.Nullable;

/** What can be asked of the gateway. */
public enum Operation {
    CHAT_COMPLETIONS(OperationName.CHAT_COMPLETIONS),
    COMPLETIONS(OperationName.COMPLETIONS),
    EMBEDDINGS(OperationName.EMBEDDINGS),
    IMAGE_EMBEDDINGS(OperationName.IMAGE_EMBEDDINGS),
    RESPONSES(OperationName.RESPONSES),
    IMAGE_GENERATIONS(OperationName.IMAGE_GENERATIONS),
    SPEECH(OperationName.SPEECH),
    LIST_MODELS("models"),
    GET_MODEL("models/{id}"),
    LIST_DEPLOYMENTS("deployments"),
    MODEL_INFO("info");

    private final @Nullable OperationName asked;
    private final String word;

    Operation(OperationName asked) {
        this.asked = asked;
        this.word = asked.word();
    }

    Operation(String word) {
        this.asked = null;
        this.word = word;
    }

    /** What a deployment must do for this; null for what the gateway answers from its configuration. */
    public @Nullable OperationName asked() {
        return asked;
    }

    /** The name as it is written in logs. */
    public String word() {
        return word;
    }

    /** The methods a caller may use, as {@code Allow} lists them. */
    public String allow() {
        return asked == null ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
    }

    /** Whether a streamed answer tells its usage only when {@code stream_options.include_usage} asks for it. */
    public boolean tellsUsageOnRequest() {
        return this == CHAT_COMPLETIONS || this == COMPLETIONS;
    }

    /** Whether the answer is text, in a form that its filter knows. */
    public boolean answersText() {
        return this == CHAT_COMPLETIONS || this == COMPLETIONS || this == RESPONSES;
    }

    /** Whether the answer's usage is worth looking for; speech is sound. */
    public boolean tellsUsage() {
        return asked != null && this != SPEECH;
    }

    boolean allows(String method) {
        return asked == null ? method.equals("GET") || method.equals("HEAD") : method.equals("POST");
    }
}
