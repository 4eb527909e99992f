package headgate.conf.yaml;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One word of a few, matched exactly. */
public record WordFormat<T>(List<T> values, Function<T, String> wordOf) implements Format<T> {
    /** {@code true} or {@code false}, and none of YAML's other spellings. */
    public static final WordFormat<Boolean> FLAG = new WordFormat<>(List.of(true, false), String::valueOf);

    @Override
    public @Nullable T read(String text) {
        for (T value : values) {
            if (wordOf.apply(value).equals(text)) {
                return value;
            }
        }
        return null;
    }

    @Override
    public String expected() {
        List<String> words = words();
        int last = words.size() - 1;
        return words.subList(0, last).stream().collect(Collectors.joining(", ", "", last == 0 ? "" : " or "))
                + words.get(last);
    }

    @Override
    public String remark(String text) {
        return Spelling.hint(text, words());
    }

    @Override
    public String write(T value) {
        return wordOf.apply(value);
    }

    private List<String> words() {
        return values.stream().map(wordOf).toList();
    }
}
