package headgate.conf;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Source;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A service that judges texts.
 *
 * @param name as policies have it
 * @param url of the service; the gateway adds the operation's path
 * @param credential a key, or the name of one of {@code credentials}; null without
 * @param model which a moderation endpoint is asked for; null when it has but one
 * @param deadline for one answer; default 2 s
 * @param concurrent how many questions may be open at once; default 64
 * @param charactersMax how many characters one question may have; longer texts are split
 * @param remembered how many verdicts are kept, by hash of text; default 10,000
 * @param ca authorities that are trusted instead of the system's; null for the system's
 */
public record JudgeConfig(
        String name,
        Kind kind,
        URI url,
        @Nullable Secret credential,
        @Nullable String model,
        Duration deadline,
        int concurrent,
        int charactersMax,
        int remembered,
        @Nullable Path ca) {
    /** What is spoken with it. */
    public enum Kind {
        CONTENT_SAFETY("contentSafety"),
        MODERATION("moderation"),
        WEBHOOK("webhook");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Whether it can decide about a category in texts of this source; what a webhook decides is its own affair. */
        public boolean decides(Category category, Source source) {
            return switch (this) {
                case CONTENT_SAFETY ->
                    category != Category.PROFANITY && (category != Category.INDIRECT_ATTACK || source == Source.PROMPT);
                case MODERATION ->
                    category != Category.PROTECTED_MATERIAL_TEXT && category != Category.PROTECTED_MATERIAL_CODE;
                case WEBHOOK -> true;
            };
        }

        /** The name as operators write it. */
        public String word() {
            return word;
        }
    }
}
