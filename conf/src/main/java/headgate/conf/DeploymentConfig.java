package headgate.conf;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An alias for a model and version, with everything that is decided for it.
 *
 * @param name the alias, {@code ^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$}, matched without regard to case
 * @param model which model it is; null when only the alias is known
 * @param sku how it is provisioned; null when not given
 * @param paused whether everybody is refused for now; default false
 * @param operations what it does; empty means every operation
 * @param extraParameters what becomes of fields outside the {@code models} surface's schema when the caller does not say
 * @param upstreams where its exchanges go; at least one
 * @param quota what may be used of it; by default as much as comes, or what the SKU says
 * @param contentFilter what is judged of its prompts and completions; null for nothing
 */
public record DeploymentConfig(
        String name,
        @Nullable ModelConfig model,
        @Nullable SkuConfig sku,
        boolean paused,
        Set<OperationName> operations,
        ExtraParameters extraParameters,
        List<UpstreamConfig> upstreams,
        TimeoutsConfig timeouts,
        RetryConfig retry,
        QuotaConfig quota,
        @Nullable ContentFilterConfig contentFilter) {
    /** What a deployment can be asked to do. */
    public enum OperationName {
        CHAT_COMPLETIONS("chat/completions"),
        COMPLETIONS("completions"),
        EMBEDDINGS("embeddings"),
        IMAGE_EMBEDDINGS("images/embeddings"),
        RESPONSES("responses"),
        IMAGE_GENERATIONS("images/generations"),
        SPEECH("audio/speech");

        private final String word;

        OperationName(String word) {
            this.word = word;
        }

        /** The name as it is written in a configuration: the operation's path below its surface. */
        public String word() {
            return word;
        }
    }

    /** CONTRACT.md, section 2. */
    public enum ExtraParameters {
        ERROR("error"),
        DROP("drop"),
        PASS_THROUGH("pass-through");

        private final String word;

        ExtraParameters(String word) {
            this.word = word;
        }

        /** The name as it is written in a configuration and in the request header. */
        public String word() {
            return word;
        }
    }
}
