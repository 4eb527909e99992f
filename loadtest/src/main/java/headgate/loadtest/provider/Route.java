package headgate.loadtest.provider;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path asks for, under whatever prefix it stands.
 *
 * @param operation what is asked, or null if nothing known
 * @param deployment the name after {@code /deployments/}, if the path has one
 * @param fault the text of a leading {@code /fault/NAME[:ARG]}, if the path has one
 */
record Route(
        @Nullable Operation operation,
        @Nullable String deployment,
        @Nullable String fault) {
    static final Route UNKNOWN = new Route(null, null, null);

    private static final Pattern FAULT = Pattern.compile("^/fault/([^/]+)(?=/)");
    private static final Pattern DEPLOYMENT = Pattern.compile("/deployments/([^/]+)/");

    static Route of(String uri) {
        try {
            String path = new QueryStringDecoder(uri).path();
            return new Route(Operation.find(path), find(DEPLOYMENT, path), find(FAULT, path));
        } catch (IllegalArgumentException badEscape) {
            return UNKNOWN;
        }
    }

    boolean is(Operation asked) {
        return operation == asked;
    }

    private static @Nullable String find(Pattern pattern, String path) {
        Matcher matcher = pattern.matcher(path);
        return matcher.find() ? matcher.group(1) : null;
    }
}
