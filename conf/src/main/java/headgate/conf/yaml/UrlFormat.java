package headgate.conf.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An http or https URL with any path, to which more path can be appended; read without a slash at its end. */
public record UrlFormat() implements Format<URI> {
    private static final int CHARS_MAX = 2048;
    private static final Pattern URL = Pattern.compile("(?i)https?://[\\x21-\\x7E]+");
    private static final Pattern PLAIN =
            Pattern.compile("(([A-Za-z]+://|\\$\\{\\w+}|/)[^@?#:\\s]*(:([0-9]+|\\$\\{\\w+}))?(/[^@?#:\\s]*)?)?");
    private static final Pattern SCHEME = Pattern.compile("(?s)^([A-Za-z]{1,16}://)?.*$");
    private static final Pattern SLASHES = Pattern.compile("/+\\z");

    @Override
    public @Nullable URI read(String text) {
        if (text.length() > CHARS_MAX || !URL.matcher(text).matches()) {
            return null;
        }
        try {
            URI url = new URI(SLASHES.matcher(text).replaceFirst(""));
            boolean base = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
            boolean port = url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65535);
            return url.getHost() != null && base && port ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    @Override
    public String expected() {
        return "an http or https URL without query, fragment or user";
    }

    /** Passwords and keys get into the user, the query and the fragment: what may have one is not shown. */
    @Override
    public String shown(String written) {
        boolean plain = PLAIN.matcher(written).matches();
        return Shown.value(plain ? written : SCHEME.matcher(written).replaceFirst("$1***"));
    }
}
