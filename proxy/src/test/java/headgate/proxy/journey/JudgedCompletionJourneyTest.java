package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.ScriptedService;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions are shown to services that judge, over real sockets; what they find ends the choice and the upstream's work. */
final class JudgedCompletionJourneyTest {
    /** A batch of text, as long as the configuration below says. */
    private static final String FIFTY = "A sentence of exactly fifty characters, no more.. ";

    private static final String DONE = "data: [DONE]\n\n";

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private String deadline = "20s";
    private JudgingServices services;

    @BeforeEach
    void start() throws IOException {
        services = JudgingServices.start();
    }

    @AfterEach
    void stop() {
        services.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"safety", "guard", "hook"})
    void aWholeAnswerIsCutWhereAnyOfThemFindsSomething(String judge) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, """
                        {"choices":[{"index":0,"message":{"content":"so much hate"},"finish_reason":"stop"},
                        {"index":1,"message":{"content":"so much love"},"finish_reason":"stop"}],
                        "usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}"""));
                TestGateway gateway = gateway(upstream, filter("Hate", judge))) {
            String body = ask(gateway, false).body();
            assertThat(body)
                    .contains("\"finish_reason\":\"content_filter\",\"content_filter_results\":{\"hate\":"
                            + "{\"filtered\":true,\"severity\":\"high\"}}")
                    .contains("\"message\":{\"content\":\"so much love\"},\"finish_reason\":\"stop\","
                            + "\"content_filter_results\":{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}")
                    .contains("\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}")
                    .doesNotContain("so much hate");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"safety", "guard", "hook"})
    void aStreamGoesOnByBatchesAndEndsInFrontOfTheBadOne(String judge) throws Exception {
        try (ScriptedUpstream upstream = stream(text(0, FIFTY), text(0, "full of hate "), text(0, FIFTY));
                TestGateway gateway = gateway(upstream, filter("Hate", judge))) {
            RawCaller.Answer answer = ask(gateway, true);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .as("what came before is what the upstream sent")
                    .startsWith(text(0, FIFTY))
                    .contains("\"finish_reason\":\"content_filter\"", "\"severity\":\"high\"")
                    .endsWith(DONE)
                    .doesNotContain("full of");
            await().untilTrue(cancelled);
        }
    }

    @Test
    void nothingOfABatchPassesWhileItIsJudgedAndAllOfItAfterwards() throws Exception {
        CountDownLatch verdict = new CountDownLatch(1);
        services.safety().script = asked -> {
            verdict.await(30, TimeUnit.SECONDS);
            return JudgingServices.contentSafety(asked);
        };
        try (ScriptedUpstream upstream = stream(text(0, FIFTY) + finish(0) + DONE);
                TestGateway gateway = gateway(upstream, filter("Hate", "safety"));
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(body(true)).readHead();
            await().until(() -> !services.safety().asked.isEmpty());
            caller.socket().setSoTimeout(200);
            assertThat(caller.closedWithin(200))
                    .as("nothing comes, and nothing ends")
                    .isFalse();
            caller.socket().setSoTimeout(10_000);
            verdict.countDown();
            assertThat(caller.readChunk()).startsWith(text(0, FIFTY));
        }
    }

    @Test
    void anAsynchronousStreamGoesOnAtOnceAndStopsWithinAThousandCharacters() throws Exception {
        CountDownLatch verdict = new CountDownLatch(1);
        services.safety().script = asked -> {
            verdict.await(30, TimeUnit.SECONDS);
            return JudgingServices.contentSafety(asked);
        };
        String bad = text(0, FIFTY) + text(0, "full of hate. ");
        String more = text(0, FIFTY).repeat(40);
        try (ScriptedUpstream upstream = stream(bad, more);
                TestGateway gateway = gateway(upstream, filter("Hate", "safety"), "mode: Asynchronous_filter");
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(body(true)).readHead();
            StringBuilder passed = new StringBuilder(caller.readChunk());
            assertThat(bad + more).as("before anything was judged").startsWith(passed);
            verdict.countDown();
            for (String chunk = caller.readChunk(); !chunk.isEmpty(); chunk = caller.readChunk()) {
                passed.append(chunk);
            }
            assertThat(passed.toString())
                    .contains("\"finish_reason\":\"content_filter\"")
                    .endsWith(DONE);
            int seen = passed.toString().split(java.util.regex.Pattern.quote(FIFTY), -1).length - 1;
            assertThat(seen * FIFTY.length())
                    .as("characters ahead of the judge")
                    .isLessThanOrEqualTo(1000);
            await().untilTrue(cancelled);
        }
    }

    @Test
    void oneChoiceEndsAndTheOtherGoesOn() throws Exception {
        try (ScriptedUpstream upstream = stream(
                        text(0, "full of hate and more, which nobody wants to read at all") + text(1, FIFTY),
                        text(0, FIFTY) + text(1, "The end."),
                        finish(0) + finish(1) + DONE);
                TestGateway gateway = gateway(upstream, filter("Hate", "safety"))) {
            assertThat(ask(gateway, body(true).replace("\"n\":1", "\"n\":2")).body())
                    .contains(text(1, FIFTY), text(1, "The end."))
                    .containsOnlyOnce("content_filter\"")
                    .contains("\"finish_reason\":\"stop\"")
                    .endsWith(DONE)
                    .doesNotContain("full of");
        }
    }

    @Test
    void argumentsOfToolsAreShownToo() throws Exception {
        String call =
                "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":"
                        + "[{\"index\":0,\"function\":{\"arguments\":\"{\\\"say\\\":\\\"hate, and what else there is to be said of it\\\"}\"}}]}}]}\n\n";
        try (ScriptedUpstream upstream = stream(call);
                TestGateway gateway = gateway(upstream, filter("Hate", "safety"))) {
            assertThat(ask(gateway, true).body())
                    .contains("\"finish_reason\":\"content_filter\"")
                    .endsWith(DONE)
                    .doesNotContain("what else");
        }
    }

    @Test
    void protectedTextIsLookedForWhereThereIsEnoughOfIt() throws Exception {
        String song = "lyrics " + FIFTY + FIFTY + FIFTY;
        try (ScriptedUpstream upstream = stream(text(0, song) + finish(0) + DONE);
                TestGateway gateway = gateway(upstream, filter("Protected Material Text", "safety"))) {
            assertThat(ask(gateway, true).body())
                    .contains("\"protected_material_text\":{\"filtered\":true,\"detected\":true}")
                    .doesNotContain("lyrics");
            assertThat(services.safety().asked)
                    .allSatisfy(asked -> assertThat(asked.path()).contains("text:detectProtectedMaterial?"));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"dead,open", "dead,closed", "garbage,open", "429,closed", "silent,open", "silent,closed"})
    void aServiceThatCannotBeAskedLetsPassOrNotAsThePolicySays(String how, String outage) throws Exception {
        ScriptedService safety = services.safety();
        switch (how) {
            case "dead" -> safety.close();
            case "garbage" -> safety.script = asked -> "<html>";
            case "silent" -> {
                deadline = "500ms";
                safety.script = asked -> {
                    TimeUnit.SECONDS.sleep(20);
                    return "";
                };
            }
            default -> safety.status = Integer.parseInt(how);
        }
        try (ScriptedUpstream upstream = stream(text(0, FIFTY) + finish(0) + DONE);
                TestGateway gateway = gateway(upstream, filter("Hate", "safety"), "outage: " + outage);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(body(true));
            if (outage.equals("open")) {
                assertThat(caller.read().body())
                        .startsWith(text(0, FIFTY))
                        .contains("\"error\":{\"code\":\"content_filter_error\"")
                        .endsWith(DONE);
            } else {
                caller.readHead();
                assertThat(caller.restUntilClose()).contains("\"error\"").doesNotContain("A sentence");
            }
        }
    }

    @Test
    void whatWasStoppedIsSettledByWhatHadCome() throws Exception {
        try (ScriptedUpstream upstream = stream(text(0, "full of hate. " + FIFTY));
                TestGateway gateway = gateway(
                        upstream,
                        filter("Hate", "safety"),
                        "mode: Default",
                        "rateLimits: { perPrincipal: { tokensPerMinute: 2000 } }")) {
            assertThat(ask(gateway, true).body()).contains("content_filter");
            await().untilAsserted(() -> assertThat(
                            Integer.parseInt(ask(gateway, true).field("x-ratelimit-remaining-tokens")))
                    .as("the thousand that were asked for are reserved once, and not kept by those before")
                    .isBetween(700, 1000));
        }
    }

    private ScriptedUpstream stream(String... chunks) throws IOException {
        return ScriptedUpstream.start((request, call) -> {
            call.beginEvents();
            for (String chunk : chunks) {
                call.chunk(chunk);
            }
            if (chunks[chunks.length - 1].endsWith(DONE)) {
                call.endChunks();
            } else {
                cancelled.set(call.awaitClosed(20_000));
            }
        });
    }

    private TestGateway gateway(ScriptedUpstream upstream, String filter, String... more) throws IOException {
        return TestGateway.inFrontOf(
                upstream,
                "contentFilter: strict",
                "contentFilters: { strict: { " + (more.length == 0 ? "" : more[0] + ", ") + "filters: [" + filter
                        + "] } }",
                "limits: { contentFilter: { batchCharacters: 50 } }",
                more.length < 2 ? "" : more[1],
                services.judges(", deadline: " + deadline));
    }

    private static String filter(String name, String judge) {
        return "{ name: " + name + ", source: Completion, judge: " + judge + " }";
    }

    private static RawCaller.Answer ask(TestGateway gateway, boolean stream) throws IOException {
        return ask(gateway, body(stream));
    }

    private static RawCaller.Answer ask(TestGateway gateway, String body) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat(body).read();
        }
    }

    private static String body(boolean stream) {
        return "{\"model\":\"gpt\",\"stream\":" + stream
                + ",\"n\":1,\"max_tokens\":500,\"messages\":[{\"content\":\"hello\"}]}";
    }

    private static String text(int choice, String text) {
        return event(choice, "{\"content\":\"" + text + "\"}", "null");
    }

    private static String finish(int choice) {
        return event(choice, "{}", "\"stop\"");
    }

    private static String event(int choice, String delta, String reason) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":" + choice
                + ",\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]}\n\n";
    }
}
