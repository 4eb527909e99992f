package headgate.filters.content.judge;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.Secret;
import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import headgate.filters.http.AnswerHead;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Azure AI Content Safety, data plane, api-version 2024-09-01.
 *
 * <p>{@code text:analyze} for the harm categories, {@code text:shieldPrompt} for jailbreaks and indirect attacks, {@code
 * text:detectProtectedMaterial} and its form for code. Severities 0 to 7: 2 is low, 4 medium, 6 high.
 */
final class ContentSafetyDialect implements Dialect {
    private static final String VERSION = "?api-version=2024-09-01";
    private static final String CODE_VERSION = "?api-version=2024-09-15-preview";
    private static final AsciiString KEY = AsciiString.cached("ocp-apim-subscription-key");
    private static final Map<Category, String> HARMS = Map.of(
            Category.HATE, "Hate",
            Category.SEXUAL, "Sexual",
            Category.VIOLENCE, "Violence",
            Category.SELF_HARM, "SelfHarm");
    private static final int DOCUMENTS_MAX = 5;

    /** Of a prompt, and of all documents together. */
    private static final int SHIELDED_CHARACTERS_MAX = 10_000;

    private static final int PROTECTED_CHARACTERS_MAX = 1_000;

    /** The service refuses shorter ones: nothing is known again by less. */
    private static final int PROTECTED_CHARACTERS_MIN = 110;

    private final List<AnswerHead.Field> fields;

    ContentSafetyDialect(@Nullable Secret key) {
        fields = key == null ? List.of() : List.of(new AnswerHead.Field(KEY, key.value()));
    }

    @Override
    public List<Operation> operations(Source source, Set<Category> categories) {
        List<Operation> operations = new ArrayList<>();
        Set<Category> harms = shared(categories, HARMS.keySet());
        if (!harms.isEmpty()) {
            operations.add(new Analyze(harms));
        }
        if (categories.contains(Category.JAILBREAK)) {
            operations.add(new Shield(Category.JAILBREAK, false));
        }
        if (categories.contains(Category.INDIRECT_ATTACK)) {
            operations.add(new Shield(Category.INDIRECT_ATTACK, true));
        }
        if (categories.contains(Category.PROTECTED_MATERIAL_TEXT)) {
            operations.add(new ProtectedMaterial(Category.PROTECTED_MATERIAL_TEXT));
        }
        if (categories.contains(Category.PROTECTED_MATERIAL_CODE)) {
            operations.add(new ProtectedMaterial(Category.PROTECTED_MATERIAL_CODE));
        }
        return operations;
    }

    @Override
    public List<AnswerHead.Field> fields(byte[] body) {
        return fields;
    }

    static Set<Category> shared(Set<Category> asked, Set<Category> known) {
        Set<Category> both = EnumSet.noneOf(Category.class);
        both.addAll(asked);
        both.retainAll(known);
        return both;
    }

    private static Verdict detected(Category category, boolean detected) {
        return new Verdict(Map.of(), detected ? Set.of(category) : Set.of(), Set.of(category));
    }

    private record Analyze(Set<Category> categories) implements Operation {
        @Override
        public String path() {
            return "/contentsafety/text:analyze" + VERSION;
        }

        @Override
        public int textsMax() {
            return 1;
        }

        @Override
        public boolean takes(Text text) {
            return true;
        }

        @Override
        public byte[] body(List<Text> texts) throws IOException {
            return ServiceJson.object(json -> {
                json.writeStringField("text", texts.get(0).characters());
                json.writeArrayFieldStart("categories");
                for (Category category : categories) {
                    json.writeString(HARMS.get(category));
                }
                json.writeEndArray();
                json.writeStringField("outputType", "FourSeverityLevels");
            });
        }

        @Override
        public List<Verdict> read(byte[] answer, List<Text> texts) throws IOException {
            Map<Category, Severity> severities = new EnumMap<>(Category.class);
            for (Object item : ServiceJson.list(ServiceJson.read(answer), "categoriesAnalysis")) {
                for (Category category : categories) {
                    if (item instanceof Map<?, ?> found
                            && Objects.equals(HARMS.get(category), found.get("category"))
                            && found.get("severity") instanceof Double severity) {
                        severities.put(category, severity(severity));
                    }
                }
            }
            if (!severities.keySet().equals(categories)) {
                throw new IOException("its answer does not tell of every category");
            }
            return List.of(new Verdict(severities, Set.of(), categories));
        }

        private static Severity severity(double value) {
            Severity[] all = Severity.values();
            return all[(int) Math.max(0, Math.min(all.length - 1, value / 2))];
        }
    }

    /** What callers say is looked at for jailbreaks, what is brought along for indirect attacks. */
    private record Shield(Category category, boolean documents) implements Operation {
        @Override
        public String path() {
            return "/contentsafety/text:shieldPrompt" + VERSION;
        }

        @Override
        public Set<Category> categories() {
            return Set.of(category);
        }

        @Override
        public int textsMax() {
            return documents ? DOCUMENTS_MAX : 1;
        }

        @Override
        public int charactersMax() {
            return SHIELDED_CHARACTERS_MAX;
        }

        @Override
        public boolean takes(Text text) {
            return text.document() == documents;
        }

        @Override
        public byte[] body(List<Text> texts) throws IOException {
            return ServiceJson.object(json -> {
                json.writeStringField(
                        "userPrompt", documents ? "" : texts.get(0).characters());
                json.writeArrayFieldStart("documents");
                for (Text text : documents ? texts : List.<Text>of()) {
                    json.writeString(text.characters());
                }
                json.writeEndArray();
            });
        }

        @Override
        public List<Verdict> read(byte[] answer, List<Text> texts) throws IOException {
            Map<?, ?> read = ServiceJson.read(answer);
            if (!documents) {
                return List.of(detected(
                        category, ServiceJson.is(ServiceJson.object(read, "userPromptAnalysis"), "attackDetected")));
            }
            List<Verdict> verdicts = new ArrayList<>();
            for (Object item : ServiceJson.list(read, "documentsAnalysis")) {
                if (!(item instanceof Map<?, ?> found)) {
                    throw new IOException("its answer has something else than objects in documentsAnalysis");
                }
                verdicts.add(detected(category, ServiceJson.is(found, "attackDetected")));
            }
            return verdicts;
        }
    }

    private record ProtectedMaterial(Category category) implements Operation {
        @Override
        public String path() {
            return code()
                    ? "/contentsafety/text:detectProtectedMaterialForCode" + CODE_VERSION
                    : "/contentsafety/text:detectProtectedMaterial" + VERSION;
        }

        @Override
        public Set<Category> categories() {
            return Set.of(category);
        }

        @Override
        public int textsMax() {
            return 1;
        }

        @Override
        public int charactersMax() {
            return PROTECTED_CHARACTERS_MAX;
        }

        @Override
        public boolean takes(Text text) {
            return text.characters().length() >= PROTECTED_CHARACTERS_MIN;
        }

        @Override
        public byte[] body(List<Text> texts) throws IOException {
            return ServiceJson.object(json ->
                    json.writeStringField(code() ? "code" : "text", texts.get(0).characters()));
        }

        @Override
        public List<Verdict> read(byte[] answer, List<Text> texts) throws IOException {
            Map<?, ?> found = ServiceJson.object(ServiceJson.read(answer), "protectedMaterialAnalysis");
            return List.of(detected(category, ServiceJson.is(found, "detected")));
        }

        private boolean code() {
            return category == Category.PROTECTED_MATERIAL_CODE;
        }
    }
}
