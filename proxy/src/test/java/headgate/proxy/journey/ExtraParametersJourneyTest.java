package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields that the models surface does not know are refused, dropped or passed through, as the caller or the operator says. */
class ExtraParametersJourneyTest {
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %1$s }
                limits: { heldBytes: 16KiB }
                deployments:
                  gpt: { upstreams: [{ url: "%2$s/v1", model: up }] }
                  dropping: { extraParameters: drop, upstreams: [{ url: "%2$s/v1", model: up }] }
                  passing: { extraParameters: pass-through, upstreams: [{ url: "%2$s/v1", model: up }] }
                  azure: { upstreams: [{ url: "%2$s/openai", api: azure, model: up }] }
                """.formatted(TestGateway.KEY, upstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'model':'gpt','n':1}|'n'",
                "{'n':1,'model':'gpt'}|'n'",
                "{'logit_bias':{'model':'x'},'model':'gpt','messages':[],'n':[1]}|'logit_bias', 'n'",
                "{'model':'gpt','Model':'gpt'}|'Model'",
                "{'model':'gpt','':0}|''",
                "{'model':'gpt','\\u006e':0}|'n'"
            })
    void areRefusedByNameWhereNothingElseIsSaid(String body, String names) throws Exception {
        for (String field : new String[] {"x: y", "extra-parameters: error", "Extra-Parameters: ERROR"}) {
            RawCaller.Answer answer = ask(json(body), field);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.field("x-ms-error-code")).isEqualTo("BadRequest");
            assertThat(answer.body())
                    .isEqualTo("{\"error\":{\"code\":\"BadRequest\",\"message\":\"Extra parameters [" + names
                            + "] are not allowed when extra-parameters is not set or set to be 'error'.\"}}");
        }
        assertThat(upstream.waiting()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'n':1,'model':'gpt','top_p':1}|{'model':'up','top_p':1}",
                "{'model':'gpt','n':1,'top_p':1}|{'model':'up','top_p':1}",
                "{'model':'gpt','top_p':1,'n':1}|{'model':'up','top_p':1}",
                "{'n':1,'m':2,'model':'gpt'}|{'model':'up'}",
                "{'model':'gpt','n':1,'m':2}|{'model':'up'}",
                "{'n':1,'model':'gpt','m':2,'top_p':1,'k':{'a':[1,{}]}}|{'model':'up','top_p':1}",
                "{ 'model' : 'gpt' , 'n' : 1 , 'top_p' : 1 }|{ 'model' : 'up' , 'top_p' : 1 }",
                "{'model':'gpt','model2':'x','stop':['a','b']}|{'model':'up','stop':['a','b']}",
                "{'model':'gpt'}|{'model':'up'}",
                "{'n':1,'model':'gpt','stream':true}|{'model':'up','stream':true,'stream_options':{'include_usage':true}}"
            })
    void areCutOutWhereTheCallerOrTheOperatorSaysSo(String body, String expected) throws Exception {
        assertThat(ask(json(body), "extra-parameters: drop").status()).isEqualTo(200);
        assertThat(upstream.next().body()).isEqualTo(json(expected));
        assertThat(ask(json(body).replace("gpt", "dropping"), "x: y").status()).isEqualTo(200);
        assertThat(upstream.next().body()).isEqualTo(json(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'n':1}|{'model':'up'}",
                "{'n':1,'m':2}|{'model':'up'}",
                "{ 'n' : 1 }|{ 'model':'up' }",
                "{}|{'model':'up'}"
            })
    void nothingMayBeLeftWhereAFieldOfTheHeadNamesTheModel(String body, String expected) throws Exception {
        String named = "extra-parameters: drop\r\nx-ms-model-mesh-model-name: gpt";
        assertThat(ask(json(body), named).status()).isEqualTo(200);
        assertThat(upstream.next().body().replace(" ", ""))
                .isEqualTo(json(expected).replace(" ", ""));
        assertThat(ask(json(body), named.replace("gpt", "azure")).status()).isEqualTo(200);
        assertThat(upstream.next().body().replace(" ", "")).isEqualTo("{}");
    }

    @Test
    void areCutOutOfABodyThatStreams() throws Exception {
        String filler = "x".repeat(300_000);
        for (int place = 0; place < 3; place++) {
            String[] members = {"\"model\":\"gpt\"", "\"user\":\"" + filler + "\"", "\"top_p\":1"};
            String expected = "{" + String.join(",", members).replace("gpt", "up") + "}";
            members[place] = "\"extra\":\"" + filler + "\"," + members[place] + ",\"more\":[\"" + filler + "\"]";
            assertThat(ask("{" + String.join(",", members) + "}", "extra-parameters: drop")
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.next().body()).as("extra at " + place).isEqualTo(expected);
        }
    }

    @Test
    void passThroughAsTheyCame() throws Exception {
        String body = "{ \"n\" :1,\"model\":\"gpt\" , \"logit_bias\":{\"1\": 1e2} }";
        assertThat(ask(body, "extra-parameters: pass-through").status()).isEqualTo(200);
        assertThat(upstream.next().body()).isEqualTo(body.replace("gpt", "up"));
        assertThat(ask(body.replace("gpt", "passing"), "x: y").status()).isEqualTo(200);
        assertThat(upstream.next().body()).isEqualTo(body.replace("gpt", "up"));
    }

    @Test
    void theCallerOverrulesTheOperator() throws Exception {
        assertThat(ask("{\"model\":\"passing\",\"n\":1}", "extra-parameters: error")
                        .status())
                .isEqualTo(400);
        assertThat(ask("{\"model\":\"passing\",\"n\":1}", "extra-parameters: drop")
                        .status())
                .isEqualTo(200);
        assertThat(upstream.next().body()).isEqualTo("{\"model\":\"up\"}");
    }

    @Test
    void aWordThatIsNoneOfTheThreeIsRefused() throws Exception {
        for (String word : new String[] {"", "allow", "drop, error"}) {
            RawCaller.Answer answer = ask("{\"model\":\"gpt\"}", "extra-parameters: " + word);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("none of 'error', 'drop' and 'pass-through'");
        }
        assertThat(upstream.waiting()).isZero();
    }

    @Test
    void areOfNoConcernOnTheOtherSurfaces() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            String body = "{\"model\":\"dropping\",\"n\":1}";
            assertThat(caller.chat(body, "extra-parameters: error").read().status())
                    .isEqualTo(200);
            ScriptedUpstream.Request request = upstream.next();
            assertThat(request.body()).isEqualTo("{\"model\":\"up\",\"n\":1}");
            assertThat(request.field("extra-parameters")).isEmpty();
        }
    }

    private static RawCaller.Answer ask(String body, String field) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(RawCaller.chatRequest(body, field)
                    .replace("/openai/v1/chat/completions", "/models/chat/completions?api-version=2024-05-01-preview"));
            return caller.read();
        }
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }
}
