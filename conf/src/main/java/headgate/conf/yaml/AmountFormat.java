package headgate.conf.yaml;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A whole number within bounds, too large for a count. */
public record AmountFormat(long min, long max) implements Format<Long> {
    /** Without leading zeros, which YAML 1.1 takes for octal. */
    private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,17}");

    @Override
    public @Nullable Long read(String text) {
        if (!DIGITS.matcher(text).matches()) {
            return null;
        }
        long value = Long.parseLong(text);
        return value >= min && value <= max ? value : null;
    }

    @Override
    public String expected() {
        return "a whole number from " + min + " to " + max;
    }
}
