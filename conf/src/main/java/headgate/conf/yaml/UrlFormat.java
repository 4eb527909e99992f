package headgate.conf.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An http or https URL with any path, to which more path can be appended; read without a slash at its end. */
public record UrlFormat() implements Format<URI> {
    private static final int CHARS_MAX = 2048;
    private static final Pattern URL = Pattern.compile("(?i)https?://[\\x21-\\x7E]+");
    private static final Pattern TAIL = Pattern.compile("(?s)([?#\\s]).*");
    private static final Pattern USER = Pattern.compile("(?s)^([A-Za-z]+://)?.*@");
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

    /** A user, a query, a fragment or what follows a blank is where passwords and keys get to: each is left out. */
    @Override
    public String shown(String written) {
        String noTail = TAIL.matcher(written).replaceFirst("$1***");
        return Shown.value(USER.matcher(noTail).replaceFirst("$1***@"));
    }
}
