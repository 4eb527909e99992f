package headgate.conf.yaml;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text of a certain shape. */
public record TextFormat(Pattern shape, String expected) implements Format<String> {
    public TextFormat(String shape, String expected) {
        this(Pattern.compile(shape), expected);
    }

    @Override
    public @Nullable String read(String text) {
        return shape.matcher(text).matches() ? text : null;
    }
}
