package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import headgate.filters.quota.QuotaStanding;
import org.junit.jupiter.api.Test;

/** What the openai library makes of a rate limit. */
class RateLimitClientTest {
    @Test
    void itWaitsAsLongAsItIsToldAndSucceeds() throws Exception {
        String answer =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"}}],\"usage\":"
                        + "{\"prompt_tokens\":609000,\"completion_tokens\":1000,\"total_tokens\":610000}}";
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, answer));
                TestGateway gateway = gateway(
                        upstream,
                        "sku: { name: ProvisionedManaged, capacity: 1 }," + " rateLimit: { tokensPerUnit: 600000 }")) {
            OpenAIClient client = client(gateway);
            client.chat().completions().create(chat());
            await().until(() -> standing(gateway).used() > 600_000);

            client.chat().completions().create(chat());

            assertThat(standing(gateway).refused()).as("it was refused before").isPositive();
            assertThat(upstream.waiting()).isEqualTo(2);
            client.close();
        }
    }

    @Test
    void itDoesNotTryAgainWhatCanNeverFit() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(LimitedGateway.used(1, 1));
                TestGateway gateway = gateway(upstream, "rateLimit: { tokensPerMinute: 1 }")) {
            OpenAIClient client = client(gateway);
            assertThatThrownBy(() -> client.chat().completions().create(chat()))
                    .isInstanceOfSatisfying(
                            BadRequestException.class,
                            error -> assertThat(error.code()).hasValue("RequestAboveRateLimit"));
            assertThat(standing(gateway).refused()).isEqualTo(1);
            client.close();
        }
    }

    private static QuotaStanding standing(TestGateway gateway) {
        return gateway.server().quotas().get(0);
    }

    private static TestGateway gateway(ScriptedUpstream upstream, String limits) throws Exception {
        return TestGateway.withDeployment("{ " + limits + ", upstreams: [{ url: \"" + upstream.url() + "/v1\" }] }");
    }

    private static OpenAIClient client(TestGateway gateway) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url() + "/openai/v1")
                .apiKey(TestGateway.KEY)
                .build();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model("gpt")
                .addUserMessage("Hello to you")
                .build();
    }
}
