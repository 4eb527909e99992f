package headgate.conf;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy: what is judged in prompts and completions, by whom, and what follows (CONTRACT.md, section 5).
 *
 * @param name by which deployments choose it
 * @param mode how completions are judged
 * @param outage what passes while a judge cannot be asked
 * @param annotations what answers tell of the verdicts
 * @param filters categories that a judge decides about; at most one for each category and source
 * @param blocklists lists of forbidden words, by name
 * @param patterns personal data and secrets
 */
public record ContentFilterConfig(
        String name,
        Mode mode,
        Outage outage,
        Set<Annotation> annotations,
        List<Filter> filters,
        List<ListUse> blocklists,
        List<PatternUse> patterns) {
    /** Whether something is masked in texts of this source. */
    public boolean masks(Source source) {
        return patterns.stream().anyMatch(use -> use.source() == source && use.action() == Action.MASK);
    }

    /** Whether anything is judged of this source. */
    public boolean judges(Source source) {
        return filters.stream().anyMatch(filter -> filter.source() == source)
                || blocklists.stream().anyMatch(use -> use.source() == source)
                || patterns.stream().anyMatch(use -> use.source() == source);
    }

    /** How completions are judged. */
    public enum Mode {
        /** Text is released behind a window in which it is judged. */
        DEFAULT("Default"),
        /** Text is released at once, judged behind, and stopped. */
        ASYNCHRONOUS("Asynchronous_filter");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** The name as operators write it. */
        public String word() {
            return word;
        }
    }

    /** What passes while a judge cannot be asked. */
    public enum Outage {
        /** Everything, with an annotation that says so. */
        OPEN,
        /** Nothing. */
        CLOSED
    }

    /** What answers tell; some clients fail on some of it. */
    public enum Annotation {
        /** {@code content_filter_results} of choices. */
        RESULTS,
        /** The first event of a stream, with {@code prompt_filter_results} and empty {@code choices}. */
        PROMPT_EVENT,
        /** Events that tell verdicts behind the text, without a {@code delta}. */
        VERDICT_EVENTS
    }

    /** What is judged. */
    public enum Source {
        PROMPT("Prompt"),
        COMPLETION("Completion");

        private final String word;

        Source(String word) {
            this.word = word;
        }

        /** The name as operators write it. */
        public String word() {
            return word;
        }
    }

    /** What a judge decides about. */
    public enum Category {
        HATE("Hate", "hate", true),
        SEXUAL("Sexual", "sexual", true),
        VIOLENCE("Violence", "violence", true),
        SELF_HARM("Selfharm", "self_harm", true),
        JAILBREAK("Jailbreak", "jailbreak", false),
        INDIRECT_ATTACK("Indirect Attack", "indirect_attack", false),
        PROFANITY("Profanity", "profanity", false),
        PROTECTED_MATERIAL_TEXT("Protected Material Text", "protected_material_text", false),
        PROTECTED_MATERIAL_CODE("Protected Material Code", "protected_material_code", false);

        private final String word;
        private final String field;
        private final boolean severe;

        Category(String word, String field, boolean severe) {
            this.word = word;
            this.field = field;
            this.severe = severe;
        }

        /** The name as operators write it. */
        public String word() {
            return word;
        }

        /** The name in annotations. */
        public String field() {
            return field;
        }

        /** Whether it has a severity; otherwise it is detected or not. */
        public boolean severe() {
            return severe;
        }
    }

    /** How bad it is. */
    public enum Severity {
        SAFE,
        LOW,
        MEDIUM,
        HIGH
    }

    /**
     * A category, judged.
     *
     * @param threshold from which severity on it is filtered; null for a category that has none
     * @param blocking whether what is filtered is refused, or only annotated
     * @param judge by name, among {@code judges}
     */
    public record Filter(
            Category category, Source source, @Nullable Severity threshold, boolean blocking, String judge) {}

    /** A list of forbidden words, used. */
    public record ListUse(BlocklistConfig list, Source source, boolean blocking) {}

    /** A pattern, used. */
    public record PatternUse(Pattern pattern, Source source, Action action) {}

    /** Personal data and secrets that are known by their form. */
    public enum Pattern {
        PAYMENT_CARD("PaymentCard"),
        IBAN("IBAN"),
        EMAIL("Email"),
        PHONE("Phone"),
        NATIONAL_ID("NationalId"),
        API_KEY("ApiKey"),
        PRIVATE_KEY("PrivateKey");

        private final String word;

        Pattern(String word) {
            this.word = word;
        }

        /** The name as operators write it, and in annotations. */
        public String word() {
            return word;
        }
    }

    /** What follows where a pattern is found. */
    public enum Action {
        ANNOTATE,
        MASK,
        BLOCK
    }
}
