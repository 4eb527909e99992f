package headgate.proxy.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.UpstreamConfig.Api;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalledUpstreamTest {
    @ParameterizedTest
    @CsvSource({
        "OPENAI, https://api.openai.com/v1, openai",
        "OPENAI, https://api.mistral.ai/v1, mistral_ai",
        "OPENAI, https://API.Groq.com/openai/v1, groq",
        "OPENAI, https://api.x.ai/v1, x_ai",
        "OPENAI, https://max.ai/v1, openai",
        "OPENAI, https://mistral.ai.example/v1, openai",
        "OPENAI, https://generativelanguage.googleapis.com/v1beta/openai, gcp.gemini",
        "OPENAI, https://europe-west1-aiplatform.googleapis.com/v1, gcp.vertex_ai",
        "OPENAI, https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1, aws.bedrock",
        "OPENAI, https://team.services.ai.azure.com/openai/v1, azure.ai.openai",
        "OPENAI, http://127.0.0.1:8000/v1, openai",
        "AZURE, https://team.openai.azure.com/openai, azure.ai.openai",
        "AZURE, https://gateway.example/openai, azure.ai.openai",
        "AZURE_INFERENCE, https://team.services.ai.azure.com/models, azure.ai.inference",
    })
    void aProviderIsCalledByTheWordOfTheConventions(Api api, URI url, String provider) {
        assertThat(CalledUpstream.provider(api, url)).isEqualTo(provider);
    }
}
