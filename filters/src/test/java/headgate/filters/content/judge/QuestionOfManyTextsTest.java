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
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No text of a question keeps the others from being judged, however many they are. */
final class QuestionOfManyTextsTest {
    private static final Set<Category> HATE = Set.of(Category.HATE);
    private static final String SAFE = "{\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":0}]}";
    private static final String BAD = "{\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":6}]}";

    private static AskingService asking(ScriptedService service) throws Exception {
        return new AskingService(AskingService.config(Kind.CONTENT_SAFETY, service.url()));
    }

    private static AskingService askingTwoAtOnce(ScriptedService service) throws Exception {
        return new AskingService(
                AskingService.config(Kind.CONTENT_SAFETY, service.url(), Duration.ofSeconds(20), 2, 10_000, 100));
    }

    @Test
    void aTextThatIsRefusedOpensNoBreakerAndSpoilsNoOther() throws Exception {
        Set<Category> attack = Set.of(Category.INDIRECT_ATTACK);
        try (ScriptedService service = new ScriptedService(asked -> "{\"documentsAnalysis\":[{\"attackDetected\":"
                        + asked.body().contains("evil") + "}]}");
                AskingService judge = asking(service)) {
            service.refuses = asked -> asked.body().contains("poison");
            for (int i = 0; i < 3 * Breaker.FAILURES_MAX; i++) {
                String text = "poison " + i;
                assertThatThrownBy(() -> judge.verdict(HATE, text)).hasMessageContaining("answered with 400");
            }
            CompletableFuture<Verdict> both =
                    judge.ask(Source.PROMPT, attack, new Text("poison", true), new Text("evil", true));
            assertThatThrownBy(() -> both.get(20, TimeUnit.SECONDS)).hasMessageContaining("answered with 400");
            assertThat(judge.ask(Source.PROMPT, attack, new Text("evil", true))
                            .get(20, TimeUnit.SECONDS)
                            .detected())
                    .isEqualTo(attack);
            assertThat(judge.counters().remembered())
                    .as("it was judged alone when the other one was refused")
                    .isEqualTo(1);
        }
    }

    @Test
    void whatWasFoundIsToldAlsoWhenAnotherTextFails() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> asked.body().contains("evil") ? BAD : "nonsense");
                AskingService judge = asking(service)) {
            for (String[] texts : new String[][] {{"evil", "poison"}, {"poison", "evil"}}) {
                assertThatThrownBy(() -> judge.verdict(HATE, texts))
                        .hasMessageContaining("did not answer with JSON")
                        .hasMessageContaining("HATE=HIGH");
            }
        }
    }

    @Test
    void aQuestionOfManyTextsIsAskedToItsEnd() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> asked.body().contains("evil") ? BAD : SAFE);
                AskingService judge = askingTwoAtOnce(service)) {
            String[] texts = new String[200];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = i == texts.length - 1 ? "evil" : "text " + i;
            }
            assertThat(judge.verdict(HATE, texts).severities()).containsEntry(Category.HATE, Severity.HIGH);
            assertThat(service.asked).hasSize(200);
            assertThat(service.mostAtOnce).hasValueLessThanOrEqualTo(2);
        }
    }
}
