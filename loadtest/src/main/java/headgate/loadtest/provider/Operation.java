package headgate.loadtest.provider;

import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** What can be asked of a provider, by how the path ends. */
enum Operation {
    CHAT("/chat/completions"),
    COMPLETIONS("/completions"),
    IMAGE_EMBEDDINGS("/images/embeddings"),
    EMBEDDINGS("/embeddings"),
    RESPONSES("/responses"),
    IMAGES("/images/generations"),
    SPEECH("/audio/speech"),
    MODELS("/models"),
    COUNTERS("/simulated/counters");

    private final String ending;

    Operation(String ending) {
        this.ending = ending;
    }

    HttpMethod method() {
        return this == MODELS || this == COUNTERS ? HttpMethod.GET : HttpMethod.POST;
    }

    /** The operation at this path; the longer endings stand first. */
    static @Nullable Operation find(String path) {
        for (Operation operation : values()) {
            if (path.endsWith(operation.ending)) {
                return operation;
            }
        }
        return null;
    }
}
