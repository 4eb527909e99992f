package headgate.conf;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which model a deployment stands for, as callers are told.
 *
 * @param format the publisher's format, such as {@code OpenAI} or {@code Mistral}; null when not given
 * @param name the model's own name, such as {@code gpt-4o}
 * @param version the model's version; null when not given
 * @param retires when it is asked no more; null when that is not known
 */
public record ModelConfig(
        @Nullable String format,
        String name,
        @Nullable String version,
        @Nullable Instant retires) {}
