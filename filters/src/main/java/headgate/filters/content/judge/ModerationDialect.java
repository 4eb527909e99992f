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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The moderation endpoint of the OpenAI specification, as guard models are served behind it too.
 *
 * <p>A category that it flags is medium, or high from a score of {@link #HIGH_SCORE} on and where it gives no score; one that
 * it does not flag is low from {@link #LOW_SCORE} on. Names below a slash count to the name in front, {@code harassment} to hate.
 */
final class ModerationDialect implements Dialect {
    private static final double LOW_SCORE = 0.25;
    private static final double HIGH_SCORE = 0.85;
    private static final int TEXTS_MAX = 32;
    private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    private static final Map<String, Category> NAMES = Map.of(
            "hate", Category.HATE,
            "harassment", Category.HATE,
            "sexual", Category.SEXUAL,
            "violence", Category.VIOLENCE,
            "self-harm", Category.SELF_HARM,
            "self_harm", Category.SELF_HARM,
            "jailbreak", Category.JAILBREAK,
            "prompt_injection", Category.INDIRECT_ATTACK,
            "profanity", Category.PROFANITY);

    private final List<AnswerHead.Field> fields;
    private final @Nullable String model;

    ModerationDialect(@Nullable Secret key, @Nullable String model) {
        this.fields = key == null ? List.of() : List.of(new AnswerHead.Field(AUTHORIZATION, "Bearer " + key.value()));
        this.model = model;
    }

    @Override
    public List<Operation> operations(Source source, Set<Category> categories) {
        Set<Category> known = ContentSafetyDialect.shared(categories, EnumSet.copyOf(NAMES.values()));
        return known.isEmpty() ? List.of() : List.of(new Moderate(known, model));
    }

    @Override
    public List<AnswerHead.Field> fields(byte[] body) {
        return fields;
    }

    private record Moderate(
            Set<Category> categories, @Nullable String model) implements Operation {
        @Override
        public String path() {
            return "/moderations";
        }

        @Override
        public int textsMax() {
            return TEXTS_MAX;
        }

        @Override
        public boolean takes(Text text) {
            return true;
        }

        @Override
        public byte[] body(List<Text> texts) throws IOException {
            return ServiceJson.object(json -> {
                if (model != null) {
                    json.writeStringField("model", model);
                }
                json.writeArrayFieldStart("input");
                for (Text text : texts) {
                    json.writeString(text.characters());
                }
                json.writeEndArray();
            });
        }

        @Override
        public List<Verdict> read(byte[] answer, List<Text> texts) throws IOException {
            List<Verdict> verdicts = new ArrayList<>();
            for (Object item : ServiceJson.list(ServiceJson.read(answer), "results")) {
                if (!(item instanceof Map<?, ?> result)) {
                    throw new IOException("its answer has something else than objects in results");
                }
                verdicts.add(verdict(ServiceJson.object(result, "categories"), result.get("category_scores")));
            }
            return verdicts;
        }

        private Verdict verdict(Map<?, ?> flags, @Nullable Object scores) throws IOException {
            Verdict worst = Verdict.NONE;
            for (Map.Entry<?, ?> flag : flags.entrySet()) {
                String name = String.valueOf(flag.getKey()).toLowerCase(Locale.ROOT);
                Category category = NAMES.get(name.contains("/") ? name.substring(0, name.indexOf('/')) : name);
                if (category != null && categories.contains(category)) {
                    boolean flagged = ServiceJson.is(flags, String.valueOf(flag.getKey()));
                    Object score = scores instanceof Map<?, ?> all ? all.get(flag.getKey()) : null;
                    worst = worst.worst(verdict(category, flagged, score instanceof Double number ? number : -1));
                }
            }
            for (Category category : categories) {
                if (!worst.judged().contains(category)) {
                    throw new IOException("its answer does not tell of " + category.field());
                }
            }
            return worst;
        }

        private static Verdict verdict(Category category, boolean flagged, double score) {
            if (!category.severe()) {
                return new Verdict(Map.of(), flagged ? Set.of(category) : Set.of(), Set.of(category));
            }
            Severity severity = flagged
                    ? score < 0 || score >= HIGH_SCORE ? Severity.HIGH : Severity.MEDIUM
                    : score >= LOW_SCORE ? Severity.LOW : Severity.SAFE;
            Map<Category, Severity> severities = new EnumMap<>(Map.of(category, severity));
            return new Verdict(severities, Set.of(), Set.of(category));
        }
    }
}
