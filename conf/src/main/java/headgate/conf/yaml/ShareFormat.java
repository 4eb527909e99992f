package headgate.conf.yaml;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A part of the whole, from nothing to all of it. */
public record ShareFormat() implements Format<Double> {
    private static final Pattern DECIMAL = Pattern.compile("(0|1)|0\\.[0-9]{1,9}|1\\.0{1,9}");

    @Override
    public @Nullable Double read(String text) {
        return DECIMAL.matcher(text).matches() ? Double.valueOf(text) : null;
    }

    @Override
    public String expected() {
        return "a number from 0 to 1, such as 0.01";
    }
}
