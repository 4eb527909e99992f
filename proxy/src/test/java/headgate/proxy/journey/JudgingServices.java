package headgate.proxy.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import headgate.testing.ScriptedService;
import headgate.testing.ScriptedService.Asked;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * The three kinds of judging services, as their public specifications describe them; what is bad is a word that says so.
 *
 * <p>{@code hate}, {@code violence} and the others' names in a text make it so in that category, {@code jailbreak} is an attack,
 * {@code lyrics} and {@code licensed} code are protected. Content Safety finds what is {@code mild} low and what is {@code fair} medium.
 */
record JudgingServices(ScriptedService safety, ScriptedService moderation, ScriptedService webhook)
        implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SEVERE = Set.of("hate", "sexual", "violence", "self_harm");

    static JudgingServices start() throws IOException {
        return new JudgingServices(
                new ScriptedService(JudgingServices::contentSafety),
                new ScriptedService(JudgingServices::moderate),
                new ScriptedService(JudgingServices::hook));
    }

    /** The lines of a configuration that name all three, as {@code safety}, {@code guard} and {@code hook}. */
    String judges(String more) {
        return """
                judges:
                  safety: { kind: contentSafety, url: "%s", key: k1%4$s }
                  guard: { kind: moderation, url: "%s", key: k2, model: guard%4$s }
                  hook: { kind: webhook, url: "%s", key: k3%4$s }
                """.formatted(safety.url(), moderation.url() + "/v1", webhook.url() + "/judge", more);
    }

    static String contentSafety(Asked asked) throws IOException {
        JsonNode body = JSON.readTree(asked.body());
        if (asked.path().contains("/text:analyze?")) {
            ArrayNode found = JSON.createArrayNode();
            for (JsonNode category : body.get("categories")) {
                boolean bad = says(body.get("text"), category.textValue().toLowerCase(Locale.ROOT));
                int severity = says(body.get("text"), "mild") ? 2 : says(body.get("text"), "fair") ? 4 : 6;
                found.addObject().put("category", category.textValue()).put("severity", bad ? severity : 0);
            }
            return "{\"blocklistsMatch\":[],\"categoriesAnalysis\":" + found + "}";
        }
        if (asked.path().contains("/text:shieldPrompt?")) {
            ArrayNode documents = JSON.createArrayNode();
            for (JsonNode document : body.get("documents")) {
                documents.addObject().put("attackDetected", says(document, "jailbreak"));
            }
            return "{\"userPromptAnalysis\":{\"attackDetected\":" + says(body.get("userPrompt"), "jailbreak")
                    + "},\"documentsAnalysis\":" + documents + "}";
        }
        if (asked.path().contains("/text:detectProtectedMaterial?")) {
            return "{\"protectedMaterialAnalysis\":{\"detected\":" + says(body.get("text"), "lyrics") + "}}";
        }
        if (asked.path().contains("/text:detectProtectedMaterialForCode?")) {
            return "{\"protectedMaterialAnalysis\":{\"detected\":" + says(body.get("code"), "licensed") + "}}";
        }
        throw new IOException("nothing is served at " + asked.path());
    }

    private static String moderate(Asked asked) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("id", "modr-1").put("model", "guard");
        ArrayNode results = answer.putArray("results");
        for (JsonNode text : JSON.readTree(asked.body()).get("input")) {
            ObjectNode result = results.addObject();
            ObjectNode categories = result.putObject("categories");
            ObjectNode scores = result.putObject("category_scores");
            boolean flagged = false;
            for (String category : new String[] {"hate", "violence", "sexual", "self-harm", "profanity"}) {
                boolean bad = says(text, category);
                flagged |= bad;
                categories.put(category, bad);
                scores.put(category, bad ? 0.97 : 0.001);
            }
            result.put("flagged", flagged);
        }
        return answer.toString();
    }

    private static String hook(Asked asked) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("results");
        JsonNode body = JSON.readTree(asked.body());
        for (JsonNode text : body.get("texts")) {
            ObjectNode result = results.addObject();
            for (JsonNode category : body.get("categories")) {
                String name = category.textValue();
                boolean bad = says(text.get("text"), name);
                if (SEVERE.contains(name)) {
                    result.put(name, bad ? "high" : "safe");
                } else {
                    result.put(name, bad);
                }
            }
        }
        return answer.toString();
    }

    private static boolean says(JsonNode text, String word) {
        return text.textValue().contains(word);
    }

    @Override
    public void close() {
        safety.close();
        moderation.close();
        webhook.close();
    }
}
