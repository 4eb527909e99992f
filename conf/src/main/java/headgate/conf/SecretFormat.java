package headgate.conf;

import headgate.conf.yaml.Format;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret that can be the value of a header field; messages show at most where it comes from. */
record SecretFormat(int charsMin) implements Format<Secret> {
    static final int CHARS_MAX = 4096;

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7E]+");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*|file:[^}]*)}");

    @Override
    public @Nullable Secret read(String text) {
        boolean fits = text.length() >= charsMin && text.length() <= CHARS_MAX;
        return fits && VISIBLE_ASCII.matcher(text).matches() ? new Secret(text) : null;
    }

    @Override
    public String expected() {
        return "a secret of " + charsMin + " to " + CHARS_MAX + " visible ASCII characters";
    }

    @Override
    public String shown(String written) {
        return REFERENCE.matcher(written).matches() ? Format.super.shown(written) : "***";
    }
}
