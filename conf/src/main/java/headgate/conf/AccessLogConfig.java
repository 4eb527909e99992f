package headgate.conf;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the one line per exchange goes.
 *
 * @param target standard output, a file, or nowhere
 * @param file the file to append to; null unless the target is {@code FILE}
 */
public record AccessLogConfig(Target target, @Nullable Path file) {
    /** The places an access line can go to. */
    public enum Target {
        STDOUT,
        FILE,
        OFF
    }
}
