package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.testing.ScriptedService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts are shown to services that judge, over real sockets, before an upstream sees their end. */
final class JudgedPromptJourneyTest {
    private final AtomicInteger reached = new AtomicInteger();
    private JudgingServices services;
    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        services = JudgingServices.start();
        upstream = ScriptedUpstream.start((request, call) -> {
            reached.incrementAndGet();
            call.json(200, "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}");
        });
    }

    @AfterEach
    void stop() throws IOException {
        services.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"safety", "guard", "hook"})
    void whatEachOfThemFindsIsRefusedAndSaid(String judge) throws Exception {
        try (TestGateway gateway = gateway(filter("Hate", judge), "")) {
            RawCaller.Answer bad = ask(gateway, message("user", "all my hate"));
            assertThat(bad.status()).isEqualTo(400);
            assertThat(bad.field("x-ms-error-code")).isEqualTo("content_filter");
            assertThat(bad.body())
                    .contains("\"content_filter_result\":{\"hate\":{\"filtered\":true,\"severity\":\"high\"}}");
            assertThat(reached).as("no upstream has seen it").hasValue(0);
            RawCaller.Answer good = ask(gateway, message("user", "all my love"));
            assertThat(good.status()).isEqualTo(200);
            assertThat(good.body())
                    .contains("\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":"
                            + "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}}]");
        }
    }

    @Test
    void anAttackIsOneOfTheCallerOrOneThatATextBrings() throws Exception {
        try (TestGateway gateway =
                gateway(filter("Jailbreak", "safety") + ", " + filter("Indirect Attack", "safety"), "")) {
            assertThat(ask(gateway, message("user", "a jailbreak")).body())
                    .contains("\"jailbreak\":{\"filtered\":true,\"detected\":true}")
                    .as("there was nothing to look at for the other")
                    .doesNotContain("indirect_attack");
            assertThat(ask(gateway, message("tool", "a page with a jailbreak")).body())
                    .contains("\"indirect_attack\":{\"filtered\":true,\"detected\":true}");
            assertThat(ask(gateway, message("user", "a question") + "," + message("tool", "a page"))
                            .status())
                    .isEqualTo(200);
            assertThat(services.safety().asked)
                    .allSatisfy(asked -> assertThat(asked.path()).contains("text:shieldPrompt"));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "dead,open",
        "dead,closed",
        "garbage,open",
        "garbage,closed",
        "429,open",
        "500,closed",
        "silent,open",
        "silent,closed"
    })
    void aServiceThatCannotBeAskedLetsPassOrNotAsThePolicySays(String how, String outage) throws Exception {
        ScriptedService safety = services.safety();
        switch (how) {
            case "dead" -> safety.close();
            case "garbage" -> safety.script = asked -> "<html>";
            case "silent" ->
                safety.script = asked -> {
                    TimeUnit.SECONDS.sleep(20);
                    return "";
                };
            default -> safety.status = Integer.parseInt(how);
        }
        try (TestGateway gateway = gateway(filter("Hate", "safety"), ", deadline: 300ms", "outage: " + outage)) {
            RawCaller.Answer answer = ask(gateway, message("user", "all my love"));
            if (outage.equals("open")) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body())
                        .contains("\"content_filter_results\":{\"error\":{\"code\":\"content_filter_error\","
                                + "\"message\":\"The contents are not filtered\"}}");
            } else {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(reached).hasValue(0);
            }
        }
    }

    @Test
    void theSameTextIsShownOnce() throws Exception {
        try (TestGateway gateway = gateway(filter("Hate", "safety"), "")) {
            for (int i = 0; i < 5; i++) {
                assertThat(ask(gateway, message("user", "all my love")).status())
                        .isEqualTo(200);
            }
            assertThat(services.safety().asked).hasSize(1);
        }
    }

    @Test
    void aLongTextIsShownInPiecesAndNothingHidesAtASeam() throws Exception {
        try (TestGateway gateway = gateway(filter("Hate", "safety"), ", charactersMax: 100")) {
            for (int front = 90; front < 101; front++) {
                String text = "x".repeat(front) + "hate" + "y".repeat(150);
                assertThat(ask(gateway, message("user", text)).status())
                        .as("%d letters in front", front)
                        .isEqualTo(400);
            }
            assertThat(services.safety().asked)
                    .allSatisfy(asked -> assertThat(asked.body().replaceAll(".*\"text\":\"([a-z]*)\".*", "$1"))
                            .hasSizeLessThanOrEqualTo(100));
        }
    }

    @Test
    void noMoreQuestionsAreOpenThanWasSaidAndNobodyIsForgotten() throws Exception {
        services.safety().script = asked -> {
            TimeUnit.MILLISECONDS.sleep(20);
            return JudgingServices.contentSafety(asked);
        };
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (TestGateway gateway = gateway(filter("Hate", "safety"), ", concurrent: 2, deadline: 10s")) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String text = "caller " + i + (i % 3 == 0 ? " hate" : "");
                answers.add(
                        callers.submit(() -> ask(gateway, message("user", text)).status()));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i % 3 == 0 ? 400 : 200);
            }
            assertThat(services.safety().mostAtOnce).hasValueLessThanOrEqualTo(2);
        } finally {
            callers.shutdownNow();
        }
    }

    private TestGateway gateway(String filters, String judge, String... policy) throws IOException {
        String more = policy.length == 0 ? "" : String.join(", ", policy) + ", ";
        return TestGateway.inFrontOf(
                upstream,
                "contentFilter: strict",
                "contentFilters: { strict: { " + more + "filters: [" + filters + "] } }",
                services.judges(judge));
    }

    private static String filter(String name, String judge) {
        return "{ name: " + name + ", source: Prompt, judge: " + judge + " }";
    }

    private static String message(String role, String text) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + text + "\"}";
    }

    private static RawCaller.Answer ask(TestGateway gateway, String messages) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat("{\"model\":\"gpt\",\"messages\":[" + messages + "]}")
                    .read();
        }
    }
}
