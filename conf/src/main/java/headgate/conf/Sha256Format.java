package headgate.conf;

import headgate.conf.yaml.Format;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a secret; not shown when it is not one, since somebody may take this for the place of the secret. */
record Sha256Format() implements Format<String> {
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    @Override
    public @Nullable String read(String text) {
        return HEX.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : null;
    }

    @Override
    public String expected() {
        return "a SHA-256 in 64 hexadecimal digits, as key new prints it";
    }

    @Override
    public String shown(String written) {
        return "***";
    }
}
