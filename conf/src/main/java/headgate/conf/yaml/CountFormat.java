package headgate.conf.yaml;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A whole number within bounds. */
public record CountFormat(int min, int max) implements Format<Integer> {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

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
