package headgate.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.responses.ResponseCreateParams;
import headgate.loadtest.provider.Counters.Count;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the openai library makes of refusals, of busy upstreams, and of upstreams that die. */
class OpenAiClientFailureTest {
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
    void anUnknownModelIsNotFound() {
        assertThatThrownBy(() -> client.chat().completions().create(OpenAiChat.of("no-such-model")))
                .asInstanceOf(type(NotFoundException.class))
                .satisfies(error -> refused(error, "DeploymentNotFound", "invalid_request_error"));
    }

    @Test
    void aDeploymentRefusesWhatItDoesNotDo() {
        assertThatThrownBy(() -> client.chat().completions().create(OpenAiChat.of("tts-1")))
                .asInstanceOf(type(BadRequestException.class))
                .satisfies(error -> refused(error, "OperationNotSupported", "invalid_request_error"));
    }

    @Test
    void aWrongKeyIsUnauthorized() {
        OpenAIClient stranger = gateway.openAi("not-the-key-of-anybody");
        assertThatThrownBy(() -> stranger.chat().completions().create(OpenAiChat.of("gpt-4o")))
                .asInstanceOf(type(UnauthorizedException.class))
                .satisfies(error -> refused(error, "401", "authentication_error"));
        stranger.close();
    }

    private static void refused(OpenAIServiceException error, String code, String type) {
        assertThat(error.code()).hasValue(code);
        assertThat(error.type()).hasValue(type);
        assertThat(error.headers().values("x-ms-error-code")).containsExactly(code);
        assertThat(error.headers().values("x-request-id")).hasSize(1);
    }

    @Test
    void aBusyUpstreamIsAskedAgainByTheClientAfterTheTimeItNamed() {
        long before = gateway.provider().value(Count.REQUESTS);
        assertThat(OpenAiChat.text(client.chat().completions().create(OpenAiChat.of("busy-once"))))
                .startsWith("busy-once heard");
        assertThat(gateway.provider().value(Count.REQUESTS) - before)
                .as("with one upstream the gateway does not retry as well")
                .isEqualTo(2);
    }

    @Test
    void anUpstreamThatStaysBusyIsARateLimitInItsOwnWords() {
        OpenAIClient once = client.withOptions(options -> options.maxRetries(0));
        assertThatThrownBy(() -> once.chat().completions().create(OpenAiChat.of("busy")))
                .asInstanceOf(type(RateLimitException.class))
                .satisfies(error -> {
                    assertThat(error.code()).hasValue("rate_limit_exceeded");
                    assertThat(error.headers().values("retry-after")).containsExactly("1");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-in-the-middle", "closed-in-the-middle"})
    void anUpstreamThatDiesInAStreamIsNotACleanEnd(String model) {
        try (var events = client.chat().completions().createStreaming(OpenAiChat.of(model))) {
            assertThatThrownBy(() -> OpenAiChat.read(events)).isInstanceOf(OpenAIException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-in-the-middle", "closed-in-the-middle"})
    void anUpstreamThatDiesInAResponsesEventsIsNotACleanEnd(String model) {
        ResponseCreateParams asked =
                ResponseCreateParams.builder().model(model).input("Hello!").build();
        try (var events = client.responses().createStreaming(asked)) {
            assertThatThrownBy(() -> events.stream().forEach(event -> {})).isInstanceOf(OpenAIException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-in-the-middle", "closed-in-the-middle"})
    void anUpstreamThatDiesInAnAnswerIsAFailure(String model) {
        OpenAIClient once = client.withOptions(options -> options.maxRetries(0));
        assertThatThrownBy(() -> once.chat().completions().create(OpenAiChat.of(model)))
                .isInstanceOf(OpenAIException.class);
    }
}
