package headgate.conf.yaml;

import org.jspecify.annotations.Nullable;

/** Makes a value out of a section. */
@FunctionalInterface
public interface SectionReader<T> {
    /** The value; null when there is none, which has been reported if it should be there. */
    @Nullable
    T read(Section section);
}
