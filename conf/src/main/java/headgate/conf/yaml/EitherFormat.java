package headgate.conf.yaml;

import org.jspecify.annotations.Nullable;

/** A text where something that is not a text would do as well. */
public record EitherFormat<T>(Format<T> text, String alternative) implements Format<T> {
    @Override
    public @Nullable T read(String written) {
        return text.read(written);
    }

    @Override
    public String expected() {
        return text.expected() + ", or " + alternative;
    }

    @Override
    public String remark(String written) {
        return text.remark(written);
    }

    @Override
    public String shown(String written) {
        return text.shown(written);
    }

    @Override
    public String write(T value) {
        return text.write(value);
    }
}
