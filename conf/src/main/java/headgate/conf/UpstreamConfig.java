package headgate.conf;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One place a deployment's exchanges may go to.
 *
 * @param url base URL, http or https, with any path and no slash at its end; operations are appended to it
 * @param api how the upstream wants to be spoken to
 * @param model the model's name there; null sends the deployment's model name, or else its alias
 * @param deployment the deployment's name there ({@code azure} only); null sends {@code model}
 * @param apiVersion the {@code api-version} to send ({@code azure} and {@code azure-inference}); null for the default
 * @param credential what it is shown; null sends none
 * @param priority lower is tried first; 1 to 100
 * @param weight share among upstreams of the same priority; 1 to 1000
 * @param ca PEM file of the certificate authorities to trust instead of the system's; null for the system's
 * @param http which version of HTTP to speak
 */
public record UpstreamConfig(
        URI url,
        Api api,
        @Nullable String model,
        @Nullable String deployment,
        @Nullable String apiVersion,
        @Nullable CredentialConfig credential,
        int priority,
        int weight,
        @Nullable Path ca,
        Http http) {
    /** Which version of HTTP an upstream is spoken to. */
    public enum Http {
        /** What the upstream chooses by ALPN over TLS; 1.1 without TLS. */
        AUTO("auto"),
        HTTP_1("1.1"),
        /** By ALPN over TLS, which must choose it; with prior knowledge without TLS. */
        HTTP_2("2");

        private final String word;

        Http(String word) {
            this.word = word;
        }

        /** The name as it is written in a configuration. */
        public String word() {
            return word;
        }
    }

    /** How an upstream wants to be spoken to: path, version, credential header and model field follow from it. */
    public enum Api {
        /** {@code URL/chat/completions}, {@code Authorization: Bearer}, the model in the body. */
        OPENAI("openai"),
        /** {@code URL/deployments/NAME/chat/completions?api-version=}, {@code api-key}. */
        AZURE("azure"),
        /** {@code URL/chat/completions?api-version=}, {@code api-key}, the model in the body. */
        AZURE_INFERENCE("azure-inference");

        private final String word;

        Api(String word) {
            this.word = word;
        }

        /** The name as it is written in a configuration. */
        public String word() {
            return word;
        }
    }
}
