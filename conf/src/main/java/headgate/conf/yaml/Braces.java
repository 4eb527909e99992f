package headgate.conf.yaml;

import java.util.regex.Pattern;

/**
 * Keeps the braces of a {@code ${VARIABLE}} from the YAML parser, which would begin a map with them inside {@code { }}.
 *
 * <p>Each is exchanged for a single character that no file may have, so that no place in the file shifts.
 */
final class Braces {
    static final char OPEN = '\uE000';
    static final char CLOSE = '\uE001';

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*|file:[^{}\\r\\n]*)}");

    private Braces() {}

    static String hide(String text) {
        return REFERENCE.matcher(text).replaceAll("\\$" + OPEN + "$1" + CLOSE);
    }

    static String reveal(String scalar) {
        return scalar.replace(OPEN, '{').replace(CLOSE, '}');
    }
}
