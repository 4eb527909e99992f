package headgate.conf.yaml;

import org.jspecify.annotations.Nullable;

/** How one kind of value is written: read, explained when it does not fit, and shown. */
public interface Format<T> {
    /** The value, or null when the text is not one. */
    @Nullable
    T read(String text);

    /** What is expected, as the end of a sentence, such as {@code a whole number from 1 to 9}. */
    String expected();

    /** What to add to {@link #expected()} for this text that did not fit; never repeats the text, which may be secret. */
    default String remark(String text) {
        return "";
    }

    /** The text as a message may show it, before anything was filled in. */
    default String shown(String written) {
        return Shown.value(written);
    }

    /** The value as an operator would write it. */
    default String write(T value) {
        return value.toString();
    }
}
