package headgate.proxy.credential;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what token endpoints answer (RFC 6749, section 5).
 *
 * <p>Entra writes its numbers as numbers and the instance metadata service as texts; App Service says when a token expires
 * ({@code expires_on}, seconds since 1970) instead of how long it is good.
 */
final class TokenAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> READ = Set.of("access_token", "expires_in", "expires_on", "error");
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");

    private TokenAnswer() {}

    /**
     * Reads an answer.
     *
     * @throws IOException if it has no token, with what it says instead: never more than a word
     */
    static Token read(int status, byte[] body) throws IOException {
        Map<String, String> members = members(status, body);
        String error = members.getOrDefault("error", "");
        if (status != 200) {
            throw new IOException(
                    "it answered with " + status + (ERROR.matcher(error).matches() ? " " + error : ""));
        }
        return Token.expiring(members.getOrDefault("access_token", ""), lifeSeconds(members));
    }

    private static long lifeSeconds(Map<String, String> members) throws IOException {
        String in = members.get("expires_in");
        String on = members.get("expires_on");
        try {
            long seconds = in != null
                    ? Long.parseLong(in)
                    : Long.parseLong(String.valueOf(on)) - System.currentTimeMillis() / 1000;
            if (seconds > 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IOException("it gave a token that has expired, or does not say when it will");
    }

    /** The plain values at the top; what a refusal says in anything but JSON is nothing. */
    private static Map<String, String> members(int status, byte[] body) throws IOException {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return members;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken().isScalarValue() && READ.contains(name)) {
                    members.put(name, parser.getText());
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            if (status == 200) {
                // Not as its cause: Jackson quotes what it read.
                throw new IOException("it did not answer with JSON");
            }
        }
        return members;
    }
}
