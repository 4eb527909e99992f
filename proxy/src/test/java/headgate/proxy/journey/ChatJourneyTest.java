package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The shortest way: a question goes to the upstream its model names, and the answer comes back. */
class ChatJourneyTest {
    @Test
    void anAnswerComesBackFromTheUpstreamThatTheModelNames() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{\"ok\":true}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat("{\"model\":\"gpt\",\"messages\":[]}");
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"ok\":true}");
            ScriptedUpstream.Request request = upstream.next();
            assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(request.body()).isEqualTo("{\"model\":\"upstream-model\",\"messages\":[]}");
            assertThat(request.field("authorization")).isEqualTo("Bearer provider-secret");
            assertThat(request.head()).as("nothing of the caller's credential").doesNotContain(TestGateway.KEY);
        }
    }
}
