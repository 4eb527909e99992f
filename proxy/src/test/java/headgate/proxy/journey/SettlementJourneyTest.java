package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.filters.quota.QuotaStanding;
import headgate.filters.quota.QuotaUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an exchange is charged in the end, however it ends. */
class SettlementJourneyTest {
    private static final String LIMITS =
            "rateLimit: { requestsPerMinute: 100, tokensPerMinute: 100000, concurrent: 9 }, timeouts: { firstByte: 300ms, idle: 300ms }";
    private static final int PROMPT = 50;
    private static final String CHAT = LimitedGateway.chat(4 * PROMPT, "\"max_tokens\":1000,");
    private static final String STREAM = LimitedGateway.chat(4 * PROMPT, "\"max_tokens\":1000,\"stream\":true,");

    @Test
    void byTheUsageOfAnAnswer() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, LimitedGateway.used(70, 30))) {
            limited.caller.chat(CHAT).read();
            limited.expectUsed(1, 100);
        }
    }

    @Test
    void aboveTheEstimateByWhatWasReallyUsed() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, LimitedGateway.used(150_000, 30))) {
            limited.caller.chat(CHAT).read();
            limited.expectUsed(1, 150_030);
            RawCaller.Answer refused = limited.caller.chat(CHAT).read();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.field("x-ratelimit-remaining-tokens")).isEqualTo("0");
            limited.passMs(refused.field("retry-after-ms"));
            assertThat(limited.caller.chat(CHAT).read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"stream_options\":{\"include_usage\":true},"})
    void byTheLastEventOfAStreamWhoeverAskedForIt(String options) throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> {
            call.beginEvents();
            call.chunk(content("Hello") + content(" you"));
            call.chunk("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":70,\"completion_tokens\":2}}\n\n");
            call.chunk("data: [DONE]\n\n");
            call.endChunks();
        })) {
            limited.caller
                    .chat(LimitedGateway.chat(8, "\"stream\":true," + options))
                    .read();
            limited.expectUsed(1, 72);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/openai/v1/embeddings; {\"model\":\"gpt\",\"input\":[[1,22,333],[4444]]}; {\"data\":[{\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}; 4",
                "/openai/v1/embeddings; {\"model\":\"gpt\",\"input\":[1,22,333,4444,5]}; {\"data\":[{\"embedding\":[0.5]}]}; 5",
                "/openai/v1/responses; {\"model\":\"gpt\",\"input\":\"hi\",\"max_output_tokens\":50}; {\"output\":[],\"usage\":{\"input_tokens\":9,\"output_tokens\":11,\"output_tokens_details\":{\"reasoning_tokens\":10}}}; 20",
                "/openai/v1/audio/speech; {\"model\":\"gpt\",\"input\":\"twelve chars\",\"voice\":\"alloy\"}; SOUND; 3"
            })
    void byTheUsageOfEveryOperation(String path, String body, String answer, int tokens) throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> call.json(200, answer))) {
            String request = RawCaller.chatRequest(body).replace("/openai/v1/chat/completions", path);
            assertThat(limited.caller.send(request).read().status()).isEqualTo(200);
            limited.expectUsed(1, tokens);
        }
    }

    @Test
    void withoutUsageByTheTextThatPassed() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                LIMITS,
                (request, call) -> call.json(
                        200,
                        "{\"id\":\"a-long-name-that-does-not-count\",\"choices\":[{\"message\":{\"content\":\""
                                + "y".repeat(80) + "\"}}]}"))) {
            limited.caller.chat(CHAT).read();
            limited.expectUsed(1, PROMPT + 20);
        }
    }

    @Test
    void aCompressedAnswerByAllThatWasAskedFor() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                LIMITS, (request, call) -> call.json(200, "not to be read", "content-encoding: gzip"))) {
            limited.caller.chat(CHAT).read();
            limited.expectUsed(1, PROMPT + 1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "closed", "silent"})
    void aCutStreamByWhatHadPassed(String ending) throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> {
            call.beginEvents();
            call.chunk(content("x".repeat(40)));
            call.chunk(content("y".repeat(40)));
            if (ending.equals("silent")) {
                call.awaitClosed(20_000);
            } else if (ending.equals("reset")) {
                Thread.sleep(100);
                call.reset();
            } else {
                call.socket().close();
            }
        })) {
            limited.caller.chat(STREAM).restUntilClose();
            limited.expectUsed(1, PROMPT + 20);
        }
    }

    @Test
    void aCallerWhoLeavesByWhatHadPassed() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> {
            call.beginEvents();
            call.chunk(content("x".repeat(40)));
            call.awaitClosed(20_000);
        })) {
            limited.caller.chat(STREAM).readHead();
            limited.caller.readChunk();
            limited.caller.close();
            limited.expectUsed(1, PROMPT + 10);
        }
    }

    @Test
    void aCallerWhoLeavesWhileTheProviderThinksByThePrompt() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> call.awaitClosed(20_000))) {
            limited.caller.chat(CHAT);
            limited.upstream.next();
            assertThat(limited.used(QuotaUnit.TOKENS)).as("reserved meanwhile").isEqualTo(PROMPT + 1000);
            limited.caller.close();
            limited.expectUsed(1, PROMPT);
        }
    }

    @Test
    void anUpstreamThatDoesNotAnswerByThePrompt() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> call.awaitClosed(20_000))) {
            assertThat(limited.caller.chat(CHAT).read().status()).isEqualTo(504);
            limited.expectUsed(1, PROMPT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 500})
    void anUpstreamsErrorByTheRequestAlone(int status) throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                LIMITS,
                (request, call) -> call.json(status, "{\"error\":{\"message\":\"much text that is not charged\"}}"))) {
            assertThat(limited.caller.chat(CHAT).read().status()).isEqualTo(status);
            limited.expectUsed(1, 0);
        }
    }

    @Test
    void whatWasNeverSentByNothing() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(LIMITS, (request, call) -> {})) {
            limited.upstream.refuse();
            assertThat(limited.caller.chat(CHAT).read().status()).isEqualTo(502);
            limited.expectUsed(0, 0);
        }
    }

    @Test
    void aStreamedBodyIsCountedByItsHeadAndFinishedOnlyIfItsTokensHaveRoom() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                "rateLimit: { requestsPerMinute: 100, tokensPerMinute: 50000, concurrent: 9 }",
                LimitedGateway.used(30_000, 0))) {
            assertThat(limited.ask(160_000, "").status()).isEqualTo(200);
            limited.expectUsed(1, 30_000);

            String large = RawCaller.chatRequest(LimitedGateway.chat(160_000, ""));
            limited.caller.send(large.substring(0, 100_000));
            limited.expectUsed(QuotaUnit.REQUESTS, 2);
            limited.expectUsed(QuotaUnit.CONCURRENT, 1);
            limited.caller.send(large.substring(100_000));

            assertThat(limited.caller.read().status()).isEqualTo(429);
            limited.upstream.next();
            assertThat(limited.upstream.waiting())
                    .as("no whole request came again")
                    .isZero();
            limited.expectUsed(1, 30_000);
        }
    }

    @Test
    void aCallMadeAgainElsewhereCountsOnce() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond(
                "rateLimit: { requestsPerMinute: 100, tokensPerMinute: 50000 },",
                (request, call) -> call.json(500, "{}"),
                LimitedGateway.used(7, 3))) {
            assertThat(two.ask().status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(two.gateway.server().quotas())
                    .extracting(QuotaStanding::used)
                    .containsExactlyInAnyOrder(1L, 10L));
        }
    }

    private static String content(String text) {
        return "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }
}
