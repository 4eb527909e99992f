package headgate.filters.api;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.api.ProxyError.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors, literally as callers match on them. */
final class ErrorReplyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "MODELS | NO_MODEL_NAME | {'error':{'code':'no_model_name','message':'M','details':'M'}}",
                "MODELS | UNKNOWN_MODEL | {'error':{'code':'unknown_model','message':'M','details':'M'}}",
                "MODELS | INVALID_KEY | {'error':{'code':'401','message':'M'}}",
                "OPENAI | INVALID_KEY | {'error':{'code':'401','message':'M','type':'authentication_error'}}",
                "OPENAI | DEPLOYMENT_NOT_FOUND | {'error':{'code':'DeploymentNotFound','message':'M','type':'invalid_request_error'}}",
                "V1 | CONNECT_FAILED | {'error':{'code':'BadGateway','message':'M','type':'server_error'}}",
                "V1 | ANSWER_TIMEOUT | {'error':{'code':'GatewayTimeout','message':'M','type':'server_error'}}",
                "V1 | UNAVAILABLE | {'error':{'code':'ServiceUnavailable','message':'M','type':'server_error'}}",
            })
    void eachSurfaceHasItsForm(Surface surface, Kind kind, String expected) {
        assertThat(body(ProxyError.of(kind, "M"), surface)).isEqualTo(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theTypeIsAlwaysAStringForOpenai(Kind kind) {
        assertThat(body(ProxyError.of(kind, "M"), Surface.OPENAI)).containsPattern("\"type\":\"[a-z_]+\"");
        assertThat(body(ProxyError.of(kind, "M"), Surface.V1)).containsPattern("\"code\":\"[A-Za-z0-9_]+\"");
    }

    @Test
    void whatACallerSentIsEscaped() {
        assertThat(body(ProxyError.of(Kind.UNKNOWN_MODEL, "Unknown model: \"</\n\u0000"), Surface.OPENAI))
                .contains("\"message\":\"Unknown model: \\\"</\\n\\u0000\"");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "999, 1, 999", "1000, 1, 1000", "1001, 2, 1001", "0, 1, 1", "120000, 120, 120000"})
    void aWaitIsToldInWholeSecondsRoundedUpAndInMilliseconds(long afterMs, String seconds, String ms) {
        ProxyError error = ProxyError.retryLater(Kind.UNAVAILABLE, "M", afterMs);
        assertThat(error.fields())
                .extracting(field -> field.name() + ": " + field.value())
                .containsExactly("retry-after: " + seconds, "retry-after-ms: " + ms);
    }

    @ParameterizedTest
    @CsvSource({
        "/models, MODELS",
        "/models/x, MODELS",
        "/modelsx, OPENAI",
        "/openai/v1/x, V1",
        "/openai/v1, OPENAI",
        "/openai/x, OPENAI",
        "-, OPENAI"
    })
    void anUnknownPathIsAnsweredInTheFormOfItsSurface(String path, Surface surface) {
        assertThat(Surface.ofPath(path)).isEqualTo(surface);
    }

    private static String body(ProxyError error, Surface surface) {
        return new String(ErrorReply.body(error, surface), StandardCharsets.UTF_8);
    }
}
