package headgate.filters.content.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.JudgeConfig.Kind;
import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import headgate.testing.ScriptedService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service is asked as seldom as it can be, waited for as long as was said, and its failures are told. */
final class ServiceJudgeTest {
    private static final Set<Category> HATE = Set.of(Category.HATE);
    private static final String SAFE = "{\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":0}]}";
    private static final String BAD = "{\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":6}]}";

    private static AskingService asking(ScriptedService service) throws Exception {
        return new AskingService(AskingService.config(Kind.CONTENT_SAFETY, service.url()));
    }

    private static AskingService asking(ScriptedService service, Duration deadline, int concurrent, int charactersMax)
            throws Exception {
        return new AskingService(
                AskingService.config(Kind.CONTENT_SAFETY, service.url(), deadline, concurrent, charactersMax, 100));
    }

    @Test
    void aTextIsAskedForOnceAndRemembered() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> asked.body().contains("evil") ? BAD : SAFE);
                AskingService judge = asking(service)) {
            for (int i = 0; i < 3; i++) {
                assertThat(judge.verdict(HATE, "evil", "kind").severities())
                        .as("the worst of all texts")
                        .containsEntry(Category.HATE, Severity.HIGH);
                assertThat(judge.verdict(HATE, "kind").severities()).containsEntry(Category.HATE, Severity.SAFE);
            }
            assertThat(service.asked).hasSize(2);
            assertThat(judge.counters().answered()).isEqualTo(2);
            assertThat(judge.counters().judged()).isEqualTo(2);
            assertThat(judge.counters().remembered()).isEqualTo(7);
        }
    }

    @Test
    void whoAsksForATextThatIsBeingJudgedWaitsForTheSameAnswer() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        try (ScriptedService service = new ScriptedService(asked -> {
                    answers.await();
                    return SAFE;
                });
                AskingService judge = asking(service)) {
            List<CompletableFuture<Verdict>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(judge.ask(Source.PROMPT, HATE, new Text("same", false)));
            }
            Awaitility.await().until(() -> service.asked.size() == 1);
            answers.countDown();
            for (CompletableFuture<Verdict> each : waiting) {
                assertThat(each.get(20, TimeUnit.SECONDS).judged()).isEqualTo(HATE);
            }
            assertThat(service.asked).hasSize(1);
            assertThat(judge.counters().answered()).isEqualTo(1);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(judge.counters().judged())
                            .as("for each who asked")
                            .isEqualTo(20));
        }
    }

    @Test
    void noMoreCallsAreOpenThanItTakesAndTheOthersWaitForTheirTurn() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> {
                    TimeUnit.MILLISECONDS.sleep(20);
                    return SAFE;
                });
                AskingService judge = asking(service, Duration.ofSeconds(20), 2, 10_000)) {
            List<CompletableFuture<Verdict>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(judge.ask(Source.PROMPT, HATE, new Text("text " + i, false)));
            }
            for (CompletableFuture<Verdict> each : waiting) {
                assertThat(each.get(20, TimeUnit.SECONDS).judged()).isEqualTo(HATE);
            }
            assertThat(service.asked).hasSize(20);
            assertThat(service.mostAtOnce).hasValueLessThanOrEqualTo(2);
        }
    }

    @Test
    void whereTooManyWaitTheRestIsToldAtOnce() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        try (ScriptedService service = new ScriptedService(asked -> {
                    answers.await();
                    return SAFE;
                });
                AskingService judge = asking(service, Duration.ofSeconds(20), 1, 10_000)) {
            List<CompletableFuture<Verdict>> waiting = new ArrayList<>();
            for (int i = 0; i < 18; i++) {
                waiting.add(judge.ask(Source.PROMPT, HATE, new Text("text " + i, false)));
            }
            assertThatThrownBy(() -> waiting.get(17).get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("too many questions wait for it");
            answers.countDown();
            for (int i = 0; i < 17; i++) {
                assertThat(waiting.get(i).get(20, TimeUnit.SECONDS).judged()).isEqualTo(HATE);
            }
        }
    }

    @Test
    void aLongTextIsJudgedInPiecesThatOverlap() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> asked.body().contains("evil") ? BAD : SAFE);
                AskingService judge = asking(service, Duration.ofSeconds(20), 4, 100)) {
            String seam = "x".repeat(98) + "evil" + "y".repeat(200);
            assertThat(judge.verdict(HATE, seam).severities()).containsEntry(Category.HATE, Severity.HIGH);
            assertThat(service.asked)
                    .hasSize(4)
                    .allSatisfy(asked -> assertThat(asked.body().replaceAll(".*\"text\":\"([a-z]*)\".*", "$1"))
                            .hasSizeLessThanOrEqualTo(100));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{}",
                "{\"categoriesAnalysis\":{}}",
                "{\"categoriesAnalysis\":[]}",
                "{\"categoriesAnalysis\":[{\"category\":\"Hate\"}]}",
                "{\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":\"4\"}]}",
                "{\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":0}]} {}",
                ""
            })
    void anAnswerThatIsNotAsSpecifiedIsAFailure(String answer) throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> answer);
                AskingService judge = asking(service)) {
            assertThatThrownBy(() -> judge.verdict(HATE, "text")).hasMessageContaining("it: ");
            assertThat(judge.counters().failed()).isEqualTo(1);
            service.script = asked -> SAFE;
            assertThat(judge.verdict(HATE, "text").judged())
                    .as("a failure is not remembered")
                    .isEqualTo(HATE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 429, 500, 503})
    void aRefusalIsAFailure(int status) throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> SAFE);
                AskingService judge = asking(service)) {
            service.status = status;
            assertThatThrownBy(() -> judge.verdict(HATE, "text")).hasMessageContaining("answered with " + status);
        }
    }

    @Test
    void aSilentServiceIsWaitedForNoLongerThanItsDeadline() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedService service = new ScriptedService(asked -> {
                    never.await();
                    return SAFE;
                });
                AskingService judge = asking(service, Duration.ofMillis(200), 4, 10_000)) {
            assertThatThrownBy(() -> judge.verdict(HATE, "text")).hasMessageContaining("in time");
            never.countDown();
        }
    }

    @Test
    void aServiceThatFailsIsAskedOnlyNowAndThenUntilItAnswers() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> "broken");
                AskingService judge = asking(service)) {
            for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
                String text = "text " + i;
                assertThatThrownBy(() -> judge.verdict(HATE, text)).hasMessageContaining("it did not answer with JSON");
            }
            assertThatThrownBy(() -> judge.verdict(HATE, "another")).hasMessageContaining("is not asked for now");
            assertThat(service.asked).hasSize(Breaker.FAILURES_MAX);
            assertThat(judge.counters().failed()).isEqualTo(Breaker.FAILURES_MAX);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(judge.counters().unjudged())
                            .as("whether it was asked or not")
                            .isEqualTo(Breaker.FAILURES_MAX + 1));
            service.script = asked -> SAFE;
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(judge.verdict(HATE, "another").judged()).isEqualTo(HATE));
            assertThat(judge.verdict(HATE, "and more").judged()).isEqualTo(HATE);
        }
    }

    @Test
    void aDeadServiceIsToldAtOnce() throws Exception {
        ScriptedService service = new ScriptedService(asked -> SAFE);
        service.close();
        try (AskingService judge = asking(service)) {
            assertThatThrownBy(() -> judge.verdict(HATE, "text")).hasMessageContaining("no connection could be opened");
        }
    }

    @Test
    void aConnectionIsKeptForTheNextQuestion() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> SAFE);
                AskingService judge = asking(service)) {
            for (int i = 0; i < 10; i++) {
                judge.verdict(HATE, "text " + i);
            }
            assertThat(service.asked.stream().map(ScriptedService.Asked::port).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void aKeptConnectionThatTheServiceClosedCostsNoVerdict() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> SAFE);
                AskingService judge = asking(service)) {
            judge.verdict(HATE, "one");
            int port = service.asked.get(0).port();
            service.script = asked -> asked.port() == port ? "" : SAFE;
            assertThat(judge.verdict(HATE, "two").judged()).isEqualTo(HATE);
        }
    }

    @Test
    void nothingIsAskedWhereThereIsNothingToJudge() throws IOException, Exception {
        try (ScriptedService service = new ScriptedService(asked -> SAFE);
                AskingService judge = asking(service)) {
            assertThat(judge.verdict(HATE).judged()).isEmpty();
            assertThat(judge.verdict(HATE, " \n").judged()).isEmpty();
            assertThat(judge.verdict(Set.of(Category.PROFANITY), "text").judged())
                    .isEmpty();
            assertThat(service.asked).isEmpty();
        }
    }
}
