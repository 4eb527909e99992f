package headgate.filters.content.judge;

import static org.assertj.core.api.Assertions.assertThat;

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
    void moderationTellsFlagsAndScores() throws Exception {
        try (ScriptedService service = new ScriptedService(
                        asked -> "{\"id\":\"modr-1\",\"model\":\"m\",\"results\":[{\"flagged\":true,\"categories\":{"
                                + "\"hate\":false,\"hate/threatening\":true,\"violence\":false,\"sexual\":true,"
                                + "\"jailbreak\":true,\"illicit\":true},\"category_scores\":{\"hate\":0.1,"
                                + "\"hate/threatening\":0.6,\"violence\":0.3}}]}");
                AskingService judge = new AskingService(AskingService.config(Kind.MODERATION, service.url()))) {
            Verdict verdict = judge.verdict(
                    Set.of(
                            Category.HATE,
                            Category.VIOLENCE,
                            Category.SEXUAL,
                            Category.JAILBREAK,
                            Category.SELF_HARM,
                            Category.PROTECTED_MATERIAL_TEXT),
                    "x");
            assertThat(verdict.severities())
                    .containsEntry(Category.HATE, Severity.MEDIUM)
                    .containsEntry(Category.VIOLENCE, Severity.LOW)
                    .containsEntry(Category.SEXUAL, Severity.HIGH)
                    .hasSize(3);
            assertThat(verdict.detected()).containsExactly(Category.JAILBREAK);
            assertThat(verdict.judged())
                    .as("what it did not tell was not judged")
                    .hasSize(4);
            assertThat(service.asked.get(0).path()).isEqualTo("/moderations");
            assertThat(service.asked.get(0).headers().getFirst("Authorization")).isEqualTo("Bearer k3y");
            assertThat(service.asked.get(0).body()).isEqualTo("{\"input\":[\"x\"]}");
        }
    }

    @Test
    void aWebhookIsAskedWithASignature() throws Exception {
        try (ScriptedService service = new ScriptedService(
                        asked -> "{\"results\":[{\"hate\":\"high\",\"jailbreak\":false},{\"hate\":\"low\"}]}");
                AskingService judge = new AskingService(AskingService.config(Kind.WEBHOOK, service.url()))) {
            Verdict verdict = judge.verdict(Set.of(Category.HATE, Category.JAILBREAK), "x", "y");
            assertThat(verdict.severities()).containsEntry(Category.HATE, Severity.HIGH);
            assertThat(verdict.detected()).isEmpty();
            assertThat(verdict.judged()).containsExactlyInAnyOrder(Category.HATE, Category.JAILBREAK);
            Asked asked = service.asked.get(0);
            assertThat(asked.body())
                    .startsWith("{\"source\":\"prompt\",\"categories\":[")
                    .endsWith("\"texts\":[{\"text\":\"x\",\"document\":false},{\"text\":\"y\",\"document\":false}]}");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("k3y".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertThat(asked.headers().getFirst("X-Headgate-Signature"))
                    .isEqualTo(HexFormat.of().formatHex(mac.doFinal(asked.body().getBytes(StandardCharsets.UTF_8))));
        }
    }
}
