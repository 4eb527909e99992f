package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setting of a policy, each category and each pattern does what it says, over real sockets and in one gateway. */
final class FilterSettingsJourneyTest {
    private static final String DONE = "data: [DONE]\n\n";
    private static final String RANDOM = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    private static final AtomicBoolean CANCELLED = new AtomicBoolean();
    private static JudgingServices services;
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        services = JudgingServices.start();
        upstream = ScriptedUpstream.start((request, call) -> {
            String says = request.body().contains("say card") ? "card 4111 1111 1111 1111." : "front blockme behind";
            if (!request.body().contains("\"stream\":true")) {
                call.json(
                        200,
                        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + says
                                + "\"},\"finish_reason\":\"stop\"}]}");
                return;
            }
            call.beginEvents();
            for (String word : says.split("(?<= )", -1)) {
                call.chunk(text(word));
            }
            if (request.body().contains("and wait")) {
                CANCELLED.set(call.awaitClosed(20_000));
            } else {
                call.chunk(DONE);
                call.endChunks();
            }
        });
        gateway = TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %1$s }
                blocklists: { words: { items: [blockme] } }
                %2$s
                contentFilters:
                  low: { filters: [{ name: Hate, source: Prompt, severityThreshold: Low, judge: safety }] }
                  medium: { filters: [{ name: Hate, source: Prompt, judge: safety }] }
                  high: { filters: [{ name: Hate, source: Prompt, severityThreshold: High, judge: safety }] }
                  annotating: { filters: [{ name: Hate, source: Prompt, blocking: false, judge: safety }] }
                  disabled:
                    filters:
                      - { name: Hate, source: Prompt, enabled: false, judge: safety }
                      - { name: Sexual, source: Prompt, judge: safety }
                  safety:
                    filters:
                      - { name: Sexual, source: Prompt, judge: safety }
                      - { name: Violence, source: Prompt, judge: safety }
                      - { name: Selfharm, source: Prompt, judge: safety }
                      - { name: Protected Material Code, source: Prompt, judge: safety }
                  guard:
                    filters:
                      - { name: Sexual, source: Prompt, judge: guard }
                      - { name: Violence, source: Prompt, judge: guard }
                      - { name: Selfharm, source: Prompt, judge: guard }
                      - { name: Profanity, source: Prompt, judge: guard }
                  hook:
                    filters:
                      - { name: Sexual, source: Prompt, judge: hook }
                      - { name: Violence, source: Prompt, judge: hook }
                      - { name: Selfharm, source: Prompt, judge: hook }
                      - { name: Profanity, source: Prompt, judge: hook }
                      - { name: Indirect Attack, source: Prompt, judge: hook }
                      - { name: Protected Material Text, source: Prompt, judge: hook }
                  patterns:
                    patterns:
                      - { name: IBAN, source: Prompt, action: block }
                      - { name: Phone, source: Prompt, action: block }
                      - { name: NationalId, source: Prompt, action: block }
                      - { name: ApiKey, source: Prompt, action: block }
                      - { name: PrivateKey, source: Prompt, action: block }
                  masking: { patterns: [{ name: PaymentCard, source: Completion, action: mask }] }
                  quiet:
                    mode: Asynchronous_filter
                    annotations: [results]
                    filters: [{ name: Hate, source: Completion, judge: safety }]
                  telling:
                    mode: Asynchronous_filter
                    annotations: [results, verdict-events]
                    filters: [{ name: Hate, source: Completion, judge: safety }]
                  both:
                    customBlocklists: [{ blocklistName: words, source: Completion }]
                    filters: [{ name: Hate, source: Completion, judge: safety }]
                deployments:
                """.formatted(TestGateway.KEY, services.judges("")) + deployments());
    }

    private static String deployments() {
        StringBuilder all = new StringBuilder();
        for (String policy : "low medium high annotating disabled safety guard hook patterns masking quiet telling both"
                .split(" ", -1)) {
            all.append("  ")
                    .append(policy)
                    .append(": { contentFilter: ")
                    .append(policy)
                    .append(", upstreams: [{ url: \"")
                    .append(upstream.url())
                    .append("/v1\" }] }\n");
        }
        return all.toString();
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
        services.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "low, no harm, 200, safe",
        "low, mild hate, 400, low",
        "medium, mild hate, 200, low",
        "medium, fair hate, 400, medium",
        "high, fair hate, 200, medium",
        "high, much hate, 400, high",
        "annotating, much hate, 200, high",
    })
    void aThresholdSaysFromWhereOnATextIsRefused(String policy, String text, int status, String severity)
            throws Exception {
        RawCaller.Answer answer = ask(policy, text);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body())
                .contains("\"hate\":{\"filtered\":" + (status == 400) + ",\"severity\":\"" + severity + "\"}");
    }

    @Test
    void whatIsNotEnabledIsNotAsked() throws Exception {
        RawCaller.Answer answer = ask("disabled", "so much hate, which is nothing here");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"sexual\":{\"filtered\":false").doesNotContain("\"hate\"");
        assertThat(services.safety().asked)
                .filteredOn(asked -> asked.body().contains("nothing here"))
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.body()).doesNotContain("\"Hate\""));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "safety, sexual, sexual",
        "safety, violence, violence",
        "safety, selfharm, self_harm",
        "safety, licensed, protected_material_code",
        "guard, sexual, sexual",
        "guard, violence, violence",
        "guard, self-harm, self_harm",
        "guard, profanity, profanity",
        "hook, sexual, sexual",
        "hook, violence, violence",
        "hook, self_harm, self_harm",
        "hook, profanity, profanity",
        "hook, indirect_attack, indirect_attack",
        "hook, protected_material_text, protected_material_text",
    })
    void eachCategoryIsRefusedByItsOwnName(String policy, String word, String field) throws Exception {
        RawCaller.Answer answer = ask(policy, "something of " + word + " which is long enough " + ".".repeat(110));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"" + field + "\":{\"filtered\":true")
                .containsOnlyOnce("\"filtered\":true");
    }

    @ParameterizedTest
    @CsvSource({
        "IBAN, GB82WEST12345698765432",
        "Phone, +44 20 7946 0958",
        "NationalId, 219-09-9999",
        "PrivateKey, -----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----",
    })
    void eachPatternIsRefusedByItsOwnName(String pattern, String text) throws Exception {
        assertFound(pattern, "it is " + text + " here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk_live_",
                "rk_live_",
                "sk-",
                "gsk_",
                "hf_",
                "npm_",
                "ghp_",
                "gho_",
                "ghu_",
                "ghs_",
                "ghr_",
                "github_pat_",
                "glpat-",
                "AKIA",
                "ASIA",
                "AIza",
                "xoxa-",
                "xoxb-",
                "xoxp-",
                "xoxr-",
                "xoxs-"
            })
    void eachProvidersKeyIsRefused(String prefix) throws Exception {
        String key = switch (prefix) {
            case "AKIA", "ASIA" -> "IOSFODNNQEXAMPLE";
            case "AIza" -> RANDOM.substring(1);
            case "github_pat_", "gsk_" -> RANDOM + RANDOM.substring(0, prefix.equals("gsk_") ? 16 : 36);
            default -> RANDOM;
        };
        assertFound("ApiKey", "key " + prefix + key);
    }

    private static void assertFound(String pattern, String text) throws Exception {
        RawCaller.Answer answer = ask("patterns", text);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .contains("{\"sub_category\":\"" + pattern + "\",\"filtered\":true,\"detected\":true}");
    }

    @Test
    void aCompletionIsMaskedWholeAndInAStream() throws Exception {
        assertThat(ask("masking", "say card").body())
                .contains("\"content\":\"card *******************.\"", "personally_identifiable_information");
        String stream = ask("masking", "say card", true).body();
        assertThat(stream)
                .contains("\"content\":\"*****\"", "\"content\":\"****.\"")
                .doesNotContain("1111");
        assertThat(stream).endsWith(DONE);
    }

    @Test
    void verdictsAreToldInEventsOfTheirOwnOrNot() throws Exception {
        assertThat(ask("telling", "hello", true).body()).contains("\"content_filter_offsets\"");
        assertThat(ask("quiet", "hello", true).body())
                .contains("behind")
                .endsWith(DONE)
                .doesNotContain("content_filter_offsets");
    }

    @Test
    void whatStandsInFrontOfAWordIsJudgedAndTheStreamEnds() throws Exception {
        assertThat(ask("both", "hello and wait", true).body())
                .startsWith(text("front "))
                .contains("\"finish_reason\":\"content_filter\"", "\"hate\":{\"filtered\":false,\"severity\":\"safe\"}")
                .endsWith(DONE)
                .doesNotContain("blockme", "behind");
        await().untilTrue(CANCELLED);
        assertThat(ask("both", "hello").body())
                .contains("\"content\":\"front \"", "\"finish_reason\":\"content_filter\"");
    }

    @Test
    void mediaAreToldNotToBeJudged() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            RawCaller.Answer answer = caller.chat("{\"model\":\"low\",\"messages\":[{\"role\":\"user\",\"content\":["
                            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}")
                    .read();
            assertThat(answer.body()).contains("\"unjudged_media\":{\"filtered\":false,\"detected\":true}");
        }
    }

    private static RawCaller.Answer ask(String model, String text) throws IOException {
        return ask(model, text, false);
    }

    private static RawCaller.Answer ask(String model, String text, boolean stream) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat("{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[{\"content\":\""
                            + text + "\"}]}")
                    .read();
        }
    }

    private static String text(String text) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text + "\"},\"finish_reason\":null}]}\n\n";
    }
}
