package headgate.conf;

import headgate.conf.yaml.Format;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret that can be the value of a header field; messages show at most where it comes from. */
record SecretFormat(int charsMin, boolean blanks) implements Format<Secret> {
    static final int CHARS_MAX = 4096;

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7E]+");
    private static final Pattern WITH_BLANKS = Pattern.compile("[\\x21-\\x7E]+( +[\\x21-\\x7E]+)*");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*|file:[^}]*)}");

    /** Of one word. */
    SecretFormat(int charsMin) {
        this(charsMin, false);
    }

    @Override
    public @Nullable Secret read(String text) {
        boolean fits = text.length() >= charsMin && text.length() <= CHARS_MAX;
        return fits && (blanks ? WITH_BLANKS : VISIBLE_ASCII).matcher(text).matches() ? new Secret(text) : null;
    }

    @Override
    public String expected() {
        return "a secret of " + charsMin + " to " + CHARS_MAX + " visible ASCII characters"
                + (blanks ? " and blanks between" : "");
    }

    @Override
    public String shown(String written) {
        return REFERENCE.matcher(written).matches() ? Format.super.shown(written) : "***";
    }
}
