package headgate.conf.yaml;

/**
 * A key that was asked for, found or not: one line of a reference of the configuration.
 *
 * @param pattern its path, with {@code NAME} for a name that the operator chooses and {@code []} for each item of a list
 * @param expected what it takes
 * @param otherwise what holds without it, as it would be written; {@code required}, or empty when there is nothing
 */
public record KnownKey(String pattern, String expected, String otherwise) {}
