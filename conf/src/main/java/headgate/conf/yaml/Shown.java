package headgate.conf.yaml;

import java.util.regex.Pattern;

/** What a file says, made fit for one line of a message: bounded, on one line, in visible characters. */
final class Shown {
    static final int CHARS_MAX = 80;

    private static final Pattern KEY_END = Pattern.compile("[\\s:]");

    private Shown() {}

    /** A value, in quotes. */
    static String value(String written) {
        return '"' + bounded(written) + '"';
    }

    /**
     * A key as part of a path.
     *
     * <p>Up to a blank or a colon: in {@code {key:SECRET}}, YAML takes all of it for the key.
     */
    static String key(String written) {
        String word = KEY_END.split(written, 2)[0];
        return word.equals(written) && !word.isEmpty() ? bounded(word) : bounded(word) + "…";
    }

    /** Enough of a key to find it, and too little of a secret to use it. */
    static String beginning(String key) {
        return bounded(key.substring(0, Math.min(2, key.length()))) + "…";
    }

    private static String bounded(String written) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            if (i == CHARS_MAX) {
                return shown.append('…').toString();
            }
            char c = written.charAt(i);
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '"', '\\' -> shown.append('\\').append(c);
                default -> {
                    // A line or bidirectional mark in the file must not rearrange the terminal that shows the message.
                    boolean visible = c >= ' ' && (c < 0x7F || Character.isLetterOrDigit(c));
                    shown.append(visible ? String.valueOf(c) : String.format("\\u%04X", (int) c));
                }
            }
        }
        return shown.toString();
    }
}
