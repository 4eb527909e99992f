package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a model may not say reaches no caller, over real sockets; the upstream is cancelled, and what passed is settled. */
final class CompletionFilterJourneyTest {
    private static final String BODY =
            "{\"model\":\"gpt\",\"stream\":true,\"max_tokens\":1000,\"messages\":[{\"content\":\"hello\"}]}";
    private static final String[] POLICY = {
        "contentFilter: strict",
        "blocklists: { words: { items: [blockme] } }",
        "contentFilters:",
        "  strict: { customBlocklists: [{ blocklistName: words, source: Completion }] }",
    };

    private final AtomicBoolean cancelled = new AtomicBoolean();

    private record Filtered(ScriptedUpstream upstream, TestGateway gateway) implements AutoCloseable {
        RawCaller caller() throws IOException {
            return new RawCaller(gateway.port());
        }

        @Override
        public void close() throws IOException {
            gateway.close();
            upstream.close();
        }
    }

    private static Filtered start(ScriptedUpstream.Script script, String... more) throws IOException {
        String[] all = new String[POLICY.length + more.length];
        System.arraycopy(POLICY, 0, all, 0, POLICY.length);
        System.arraycopy(more, 0, all, POLICY.length, more.length);
        ScriptedUpstream upstream = ScriptedUpstream.start(script);
        return new Filtered(upstream, TestGateway.inFrontOf(upstream, all));
    }

    @Test
    void aStreamEndsInFrontOfTheWordAndItsUpstreamIsCancelled() throws Exception {
        try (Filtered filtered = start((request, call) -> {
                    call.beginEvents();
                    call.chunk(text("Hello ") + text("block"));
                    call.chunk(text("me") + text(" and more"));
                    cancelled.set(call.awaitClosed(20_000));
                });
                RawCaller caller = filtered.caller()) {
            RawCaller.Answer answer = caller.chat(BODY).read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .startsWith(text("Hello "))
                    .contains("\"content\":\"\"},\"finish_reason\":\"content_filter\",\"content_filter_results\":")
                    .endsWith("data: [DONE]\n\n")
                    .doesNotContain("\"block\"", "more");
            await().untilTrue(cancelled);
            assertThat(caller.chat(BODY.replace("true", "false").replace("hello", "again"))
                            .readHead())
                    .as("the connection goes on")
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void eachEventGoesOnBeforeTheNextIsMade() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Filtered filtered = start((request, call) -> {
                    call.beginEvents();
                    call.chunk(text("Hello "));
                    assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
                    call.chunk(text("world.") + "data: [DONE]\n\n");
                    call.endChunks();
                });
                RawCaller caller = filtered.caller()) {
            caller.chat(BODY).readHead();
            assertThat(caller.readChunk()).isEqualTo(text("Hello "));
            read.countDown();
            assertThat(caller.readChunk()).isEqualTo(text("world.") + "data: [DONE]\n\n");
        }
    }

    @Test
    void aWholeAnswerIsCut() throws Exception {
        try (Filtered filtered = start((request, call) -> call.json(
                        200,
                        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Say blockme!\"},\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}"));
                RawCaller caller = filtered.caller()) {
            assertThat(caller.chat(BODY.replace("true", "false")).read().body())
                    .startsWith("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Say \"},"
                            + "\"finish_reason\":\"content_filter\",\"content_filter_results\":{\"custom_blocklists\"")
                    .endsWith("\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}");
        }
    }

    @Test
    void whatHasPassedIsSettled() throws Exception {
        try (Filtered filtered = start(
                        (request, call) -> {
                            call.beginEvents();
                            String passes = request.body().contains("1000") ? "word ".repeat(400) : "word ";
                            call.chunk(text(passes) + text(" blockme "));
                            call.awaitClosed(20_000);
                        },
                        "rateLimits: { perPrincipal: { tokensPerMinute: 1010 } }");
                RawCaller caller = filtered.caller()) {
            RawCaller.Answer first = caller.chat(BODY).read();
            assertThat(first.body()).contains("content_filter");
            await().untilAsserted(() -> {
                RawCaller.Answer again = caller.chat(BODY.replace("1000", "1")).read();
                assertThat(Integer.parseInt(again.field("x-ratelimit-remaining-tokens")))
                        .as("all that was asked for has been given back but for what was made, some 500")
                        .isBetween(100, 900);
            });
        }
    }

    @Test
    void anUpstreamThatGoesInTheMiddleLeavesNothingUnjudgedAndACutAnswer() throws Exception {
        try (Filtered filtered = start((request, call) -> {
                    call.beginEvents();
                    call.chunk(text("Hello ") + text("block"));
                    call.socket().close();
                });
                RawCaller caller = filtered.caller()) {
            caller.chat(BODY).readHead();
            assertThat(caller.readChunk()).isEqualTo(text("Hello "));
            assertThat(caller.restUntilClose()).contains("\"error\"").doesNotContain("block");
            await().untilAsserted(() ->
                    assertThat(filtered.gateway().server().heldBytes()).isZero());
        }
    }

    @Test
    void aCallerThatLeavesLeavesNothingBehind() throws Exception {
        try (Filtered filtered = start((request, call) -> {
                    call.beginEvents();
                    call.chunk(text("block"));
                    cancelled.set(call.awaitClosed(20_000));
                });
                RawCaller caller = filtered.caller()) {
            caller.chat(BODY).readHead();
            await().untilAsserted(() ->
                    assertThat(filtered.gateway().server().heldBytes()).isPositive());
            caller.close();
            await().untilTrue(cancelled);
            await().untilAsserted(() ->
                    assertThat(filtered.gateway().server().heldBytes()).isZero());
        }
    }

    @Test
    void anErrorOfTheUpstreamPassesAsItCame() throws Exception {
        try (Filtered filtered = start((request, call) -> call.json(418, "{\"error\":{\"message\":\"blockme\"}}"));
                RawCaller caller = filtered.caller()) {
            RawCaller.Answer answer = caller.chat(BODY).read();
            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.body()).isEqualTo("{\"error\":{\"message\":\"blockme\"}}");
        }
    }

    private static String text(String text) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text + "\"},\"finish_reason\":null}]}\n\n";
    }
}
