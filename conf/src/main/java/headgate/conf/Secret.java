package headgate.conf;

import java.util.Objects;

/**
 * A value that must never be shown: a key, as it was read from the environment or a file.
 *
 * @param value the secret itself; {@link #toString()} never shows it
 */
public record Secret(String value) {
    public Secret {
        Objects.requireNonNull(value);
    }

    @Override
    public String toString() {
        return "***";
    }
}
