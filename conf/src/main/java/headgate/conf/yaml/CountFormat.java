package headgate.conf.yaml;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A whole number within bounds. */
public record CountFormat(int min, int max) implements Format<Integer> {
    /** Without leading zeros, which YAML 1.1 takes for octal. */
    private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,8}");

    @Override
    public @Nullable Integer read(String text) {
        if (!DIGITS.matcher(text).matches()) {
            return null;
        }
        int value = Integer.parseInt(text);
        return value >= min && value <= max ? value : null;
    }

    @Override
    public String expected() {
        return "a whole number from " + min + " to " + max;
    }
}
