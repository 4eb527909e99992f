package headgate.conf.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An https URL that is read exactly as it is written, with or without a slash at its end. */
public record HttpsFormat() implements Format<URI> {
    private static final int CHARS_MAX = 512;
    private static final Pattern URL = Pattern.compile("https://[\\x21-\\x7E]+");

    @Override
    public @Nullable URI read(String text) {
        if (text.length() > CHARS_MAX || !URL.matcher(text).matches()) {
            return null;
        }
        try {
            URI url = new URI(text);
            boolean bare = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
            boolean port = url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65535);
            return url.getHost() != null && bare && port ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    @Override
    public String expected() {
        return "an https URL without query, fragment or user";
    }

    @Override
    public String shown(String written) {
        return new UrlFormat().shown(written);
    }
}
