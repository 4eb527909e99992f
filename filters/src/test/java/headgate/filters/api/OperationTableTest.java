package headgate.filters.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import headgate.filters.ExchangeProbe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which operation a request asks for, and what those are told who ask for none. */
final class OperationTableTest {
    @ParameterizedTest
    @CsvSource({
        "POST, /models/chat/completions?api-version=2024-05-01-preview, MODELS, CHAT_COMPLETIONS,",
        "POST, /models/embeddings?api-version=2024-05-01, MODELS, EMBEDDINGS,",
        "POST, /models/images/embeddings?x=y&api-version=2024-05-01, MODELS, IMAGE_EMBEDDINGS,",
        "GET, /models/info?api-version=2024-05-01, MODELS, MODEL_INFO,",
        "GET, /models/info?api-version=2024-05-01&model=a%20b, MODELS, MODEL_INFO, a b",
        "HEAD, /openai/v1/models, V1, LIST_MODELS,",
        "GET, /openai/v1/models/gpt-4o?api-version=preview, V1, GET_MODEL, gpt-4o",
        "GET, /openai/models/gpt%2D4o?api-version=2024-10-21, OPENAI, GET_MODEL, gpt-4o",
        "GET, /openai/deployments?api-version=2024-10-21, OPENAI, LIST_DEPLOYMENTS,",
        "POST, /openai/deployments/GPT/chat/completions?api-version=2024-10-21, OPENAI, CHAT_COMPLETIONS, GPT",
        "POST, /openai/deployments/g/audio/speech?api-version=2024-10-21, OPENAI, SPEECH, g",
        "POST, /openai/responses?api-version=2025-03-01-preview, OPENAI, RESPONSES,",
        "POST, /openai/v1/responses?api-version=v1, V1, RESPONSES,",
        "POST, /openai/v1/completions?api-version=2024-10-21, V1, COMPLETIONS,",
        "POST, /openai/v1/images/generations, V1, IMAGE_GENERATIONS,",
        "POST, /openai/v1/chat%2Dcompletions/../x, , 404,",
        "POST, /%6Fpenai/v1/embeddings, V1, EMBEDDINGS,",
        "GET, /openai/v1/embeddings, , 405,",
        "POST, /openai/v1/models, , 405,",
        "BREW, /openai/v1/models, , 405,",
        "GET, /openai/deployments/g?api-version=2024-10-21, , 404,",
        "POST, /openai/deployments/g/chat?api-version=2024-10-21, , 404,",
        "POST, /openai/deployments//chat/completions?api-version=2024-10-21, , 404,",
        "POST, /openai/deployments/g/h/chat/completions?api-version=2024-10-21, , 404,",
        "GET, /openai/v1/models/a/b, , 404,",
        "GET, /, , 404,",
        "POST, /Models/chat/completions?api-version=2024-05-01, , 404,",
        "POST, /models/chat/completions, , 400,",
        "POST, /models/chat/completions?api-version=, , 400,",
        "POST, /models/chat/completions?api-version=v1, , 400,",
        "POST, /models/chat/completions?api-version=2024-05-1, , 400,",
        "POST, /models/chat/completions?api-version=2024-05-01-beta, , 400,",
        "POST, /models/chat/completions?API-VERSION=2024-05-01, , 400,",
        "POST, /openai/deployments/g/embeddings, , 404,",
        "POST, /openai/deployments/g/embeddings?api-version=x, , 400,",
        "POST, /openai/v1/embeddings?api-version=x, , 400,",
        "POST, /models/realtime?api-version=2024-05-01, , 400,",
        "GET, /models/batches, , 400,",
    })
    void aRequestAsksForOneThingOrIsToldWhyNot(
            String method, String target, String surface, String expected, String name) {
        OperationMatch match;
        try {
            match = OperationTable.require(ExchangeProbe.head(method + " " + target));
        } catch (ProxyError error) {
            assertThat(String.valueOf(error.status())).as(error.getMessage()).isEqualTo(expected);
            return;
        }
        assertThat(match).isEqualTo(new OperationMatch(Surface.valueOf(surface), Operation.valueOf(expected), name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/deployments/a%2fb/chat/completions",
                "/openai/deployments/a%2Fb/chat/completions",
                "/openai/deployments/../chat/completions",
                "/openai/deployments/%2e%2e/chat/completions",
                "/openai/deployments/./chat/completions",
                "/openai/deployments/a;b/chat/completions",
                "/openai/deployments/a%3bb/chat/completions",
                "/openai/deployments/a%00/chat/completions",
                "/openai/deployments/a%0a/chat/completions",
                "/openai/deployments/a%7f/chat/completions",
                "/openai/deployments/a%5cb/chat/completions",
                "/openai/deployments/a%3fb/chat/completions",
                "/openai/deployments/a%23b/chat/completions",
                "/openai/deployments/a%25b/chat/completions",
                "/openai/deployments/a%/chat/completions",
                "/openai/deployments/a%2/chat/completions",
                "/openai/deployments/a%g0/chat/completions",
                "/openai/deployments/a%-1/chat/completions",
                "/openai/deployments/%c0%af/chat/completions",
                "/openai/deployments/%ff/chat/completions",
                "/openai/deployments/%ed%a0%80/chat/completions",
                "/openai/deployments//chat/completions",
                "//openai/deployments/a/chat/completions",
                "/openai//deployments/a/chat/completions",
                "/openai/deployments/a/chat/completions/",
                "/openai/deployments/a/chat/completions%",
                "/openai/deployments/a/chat%2fcompletions",
                "*",
                "/",
            })
    void aPathWithTwoMeaningsSelectsNothing(String path) {
        assertThat(OperationTable.find(path)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/deployments/%C3%A4/embeddings, \u00e4",
        "/openai/deployments/a+b/embeddings, a+b",
        "/openai/deployments/%20/embeddings, ' '"
    })
    void aNameIsDecodedOnce(String path, String name) {
        OperationMatch match = OperationTable.find(path);
        assertThat(match).isNotNull().extracting(OperationMatch::name).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/v1/files",
                "/openai/files",
                "/openai/v1/batches/b_1",
                "/openai/v1/responses/resp_1",
                "/openai/realtime",
                "/openai/v1/audio/transcriptions",
                "/openai/deployments/g/audio/translations",
                "/openai/deployments/g/images/edits",
                "/openai/assistants",
                "/openai/threads/t/runs",
                "/openai/v1/vector_stores"
            })
    void whatTheContractHasButTheGatewayDoesNotServeIsToldSo(String path) {
        assertThatExceptionOfType(ProxyError.class)
                .isThrownBy(
                        () -> OperationTable.require(ExchangeProbe.head("POST " + path + "?api-version=2024-10-21")))
                .satisfies(error -> assertThat(error.status()).isEqualTo(404))
                .withMessage("Resource not found. This gateway does not serve " + path + " yet.");
    }

    @ParameterizedTest
    @CsvSource({
        "a=1&b=2, b, 2",
        "a=1&a=2, a, 1",
        "a=, a, ''",
        "a, a,",
        "ab=1, a,",
        "'', a,",
        "a=%zz, a,",
        "a=x%2By+z, a, x+y z",
        "b=2, a,"
    })
    void aQueryHasOneValueForAName(String query, String name, String value) {
        assertThat(QueryParameter.find(query, name)).isEqualTo(value);
    }
}
