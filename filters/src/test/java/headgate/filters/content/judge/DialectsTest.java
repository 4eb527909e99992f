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
import headgate.testing.ScriptedService.Asked;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Each service is asked, and its answers are read, as its public specification says. */
final class DialectsTest {
    @Test
    void contentSafetyTellsSeveritiesOfTheHarms() throws Exception {
        try (ScriptedService service = new ScriptedService(asked ->
                        "{\"blocklistsMatch\":[],\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":4},"
                                + "{\"category\":\"SelfHarm\",\"severity\":0}]}");
                AskingService judge = new AskingService(AskingService.config(Kind.CONTENT_SAFETY, service.url()))) {
            Verdict verdict = judge.verdict(Set.of(Category.HATE, Category.SELF_HARM), "say \"it\"\n");
            assertThat(verdict.severities())
                    .containsEntry(Category.HATE, Severity.MEDIUM)
                    .containsEntry(Category.SELF_HARM, Severity.SAFE);
            assertThat(verdict.judged()).containsExactlyInAnyOrder(Category.HATE, Category.SELF_HARM);
            Asked asked = service.asked.get(0);
            assertThat(asked.path()).isEqualTo("/contentsafety/text:analyze?api-version=2024-09-01");
            assertThat(asked.body())
                    .contains("\"text\":\"say \\\"it\\\"\\n\"")
                    .contains("\"outputType\":\"FourSeverityLevels\"")
                    .contains("\"Hate\"")
                    .contains("\"SelfHarm\"");
            assertThat(asked.headers().getFirst("Ocp-Apim-Subscription-Key")).isEqualTo("k3y");
            assertThat(asked.headers().getFirst("Content-Type")).isEqualTo("application/json");
        }
    }

    @Test
    void contentSafetyLooksForJailbreaksInWhatCallersSayAndForAttacksInWhatTheyBring() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> asked.body().contains("\"userPrompt\":\"\"")
                        ? "{\"userPromptAnalysis\":{\"attackDetected\":false},"
                                + "\"documentsAnalysis\":[{\"attackDetected\":false},{\"attackDetected\":true}]}"
                        : "{\"userPromptAnalysis\":{\"attackDetected\":true},\"documentsAnalysis\":[]}");
                AskingService judge = new AskingService(AskingService.config(Kind.CONTENT_SAFETY, service.url()))) {
            Set<Category> both = Set.of(Category.JAILBREAK, Category.INDIRECT_ATTACK);
            Verdict verdict = judge.ask(
                            Source.PROMPT,
                            both,
                            new Text("do anything", false),
                            new Text("one", true),
                            new Text("two", true))
                    .get(20, TimeUnit.SECONDS);
            assertThat(verdict.detected()).containsExactlyInAnyOrderElementsOf(both);
            assertThat(service.asked)
                    .extracting(Asked::body)
                    .containsExactlyInAnyOrder(
                            "{\"userPrompt\":\"do anything\",\"documents\":[]}",
                            "{\"userPrompt\":\"\",\"documents\":[\"one\",\"two\"]}");
        }
    }

    @Test
    void contentSafetyIsAskedForProtectedMaterialInTextsThatAreLongEnough() throws Exception {
        try (ScriptedService service =
                        new ScriptedService(asked -> "{\"protectedMaterialAnalysis\":{\"detected\":true}}");
                AskingService judge = new AskingService(AskingService.config(Kind.CONTENT_SAFETY, service.url()))) {
            Set<Category> asked = Set.of(Category.PROTECTED_MATERIAL_TEXT);
            assertThat(judge.verdict(asked, "a".repeat(109)).judged()).isEmpty();
            assertThat(judge.verdict(asked, "a".repeat(110)).detected()).isEqualTo(asked);
            assertThat(judge.verdict(Set.of(Category.PROTECTED_MATERIAL_CODE), "b".repeat(110))
                            .detected())
                    .containsExactly(Category.PROTECTED_MATERIAL_CODE);
            assertThat(service.asked)
                    .extracting(Asked::path)
                    .containsExactly(
                            "/contentsafety/text:detectProtectedMaterial?api-version=2024-09-01",
                            "/contentsafety/text:detectProtectedMaterialForCode?api-version=2024-09-15-preview");
        }
    }

    @Test
    void contentSafetyIsGivenNoMoreThanItTakes() throws Exception {
        try (ScriptedService service = new ScriptedService(asked -> {
                    int documents = asked.body().split("\",\"", -1).length - 1;
                    String safe = "{\"attackDetected\":false}";
                    return asked.body().contains("documents")
                            ? "{\"documentsAnalysis\":[" + (safe + ",").repeat(documents - 1) + safe + "]}"
                            : "{\"protectedMaterialAnalysis\":{\"detected\":false}}";
                });
                AskingService judge = new AskingService(AskingService.config(Kind.CONTENT_SAFETY, service.url()))) {
            Text[] texts = new Text[12];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = new Text(i % 2 == 0 ? "x".repeat(6_000) + i : "short " + i, true);
            }
            judge.ask(Source.PROMPT, Set.of(Category.INDIRECT_ATTACK), texts).get(20, TimeUnit.SECONDS);
            assertThat(service.asked)
                    .as("documents of 10,000 characters together")
                    .hasSize(6)
                    .allSatisfy(asked -> assertThat(asked.body()).hasSizeLessThan(10_000 + 60));
            String numbers =
                    IntStream.range(1_000, 1_750).mapToObj(Integer::toString).collect(Collectors.joining());
            judge.ask(Source.COMPLETION, Set.of(Category.PROTECTED_MATERIAL_TEXT), new Text(numbers, false))
                    .get(20, TimeUnit.SECONDS);
            assertThat(service.asked.subList(6, service.asked.size()))
                    .hasSize(4)
                    .allSatisfy(asked -> assertThat(asked.body()).hasSizeLessThan(1_000 + 20));
        }
    }

    @Test
    void moderationTellsFlagsAndScores() throws Exception {
        try (ScriptedService service = new ScriptedService(
                        asked -> "{\"id\":\"modr-1\",\"model\":\"m\",\"results\":[{\"flagged\":true,\"categories\":{"
                                + "\"hate\":false,\"hate/threatening\":true,\"violence\":false,\"sexual\":true,"
                                + "\"jailbreak\":true,\"illicit\":true},\"category_scores\":{\"hate\":0.1,"
                                + "\"hate/threatening\":0.6,\"violence\":0.3}}]}");
                AskingService judge = new AskingService(AskingService.config(Kind.MODERATION, service.url()))) {
            Verdict verdict =
                    judge.verdict(Set.of(Category.HATE, Category.VIOLENCE, Category.SEXUAL, Category.JAILBREAK), "x");
            assertThat(verdict.severities())
                    .containsEntry(Category.HATE, Severity.MEDIUM)
                    .containsEntry(Category.VIOLENCE, Severity.LOW)
                    .containsEntry(Category.SEXUAL, Severity.HIGH)
                    .hasSize(3);
            assertThat(verdict.detected()).containsExactly(Category.JAILBREAK);
            assertThat(verdict.judged()).hasSize(4);
            assertThatThrownBy(() -> judge.verdict(Set.of(Category.HATE, Category.SELF_HARM), "y"))
                    .as("asked for, and not told")
                    .hasMessageContaining("does not tell of self_harm");
            service.script = asked -> "{\"results\":[{\"flagged\":true,\"categories\":{\"S1\":true}}]}";
            assertThatThrownBy(() -> judge.verdict(Set.of(Category.HATE), "z"))
                    .hasMessageContaining("does not tell of hate");
            assertThat(service.asked.get(0).path()).isEqualTo("/moderations");
            assertThat(service.asked.get(0).headers().getFirst("Authorization")).isEqualTo("Bearer k3y");
            assertThat(service.asked.get(0).body()).isEqualTo("{\"input\":[\"x\"]}");
        }
    }

    @Test
    void aWebhookIsAskedWithASignature() throws Exception {
        try (ScriptedService service = new ScriptedService(
                        asked ->
                                "{\"results\":[{\"hate\":\"high\",\"jailbreak\":false},{\"hate\":\"low\",\"jailbreak\":false}]}");
                AskingService judge = new AskingService(AskingService.config(Kind.WEBHOOK, service.url()))) {
            Verdict verdict = judge.verdict(Set.of(Category.HATE, Category.JAILBREAK), "x", "y");
            assertThat(verdict.severities()).containsEntry(Category.HATE, Severity.HIGH);
            assertThat(verdict.detected()).isEmpty();
            assertThat(verdict.judged()).containsExactlyInAnyOrder(Category.HATE, Category.JAILBREAK);
            Asked asked = service.asked.get(0);
            assertThat(asked.body())
                    .startsWith("{\"source\":\"prompt\",\"categories\":[")
                    .endsWith("\"texts\":[{\"text\":\"x\",\"document\":false},{\"text\":\"y\",\"document\":false}]}");
            service.script = told -> "{\"results\":[{\"hate\":\"safe\"}]}";
            assertThatThrownBy(() -> judge.verdict(Set.of(Category.HATE, Category.JAILBREAK), "z"))
                    .hasMessageContaining("does not tell of jailbreak");
            service.script = told -> told.body().contains("prompt")
                    ? "{\"results\":[{\"hate\":\"safe\"}]}"
                    : "{\"results\":[{\"hate\":\"high\"}]}";
            for (Source source : Source.values()) {
                assertThat(judge.ask(source, Set.of(Category.HATE), new Text("same", false))
                                .get(20, TimeUnit.SECONDS)
                                .severities())
                        .as("it is told the source, so its verdicts are of one")
                        .containsEntry(Category.HATE, source == Source.PROMPT ? Severity.SAFE : Severity.HIGH);
            }
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("k3y".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertThat(asked.headers().getFirst("X-Headgate-Signature"))
                    .isEqualTo(HexFormat.of().formatHex(mac.doFinal(asked.body().getBytes(StandardCharsets.UTF_8))));
        }
    }
}
