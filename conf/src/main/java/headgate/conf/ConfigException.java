package headgate.conf;

import java.util.List;

/** A configuration that cannot be used: all that is wrong with it, at once. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Collects what is wrong.
     *
     * @param problems one line each: file, line, path, the value (never a secret) and what was expected; at least one
     */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each problem, in the order of the file. */
    public List<String> problems() {
        return problems;
    }
}
