package headgate.proxy.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import headgate.conf.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The request that an explanation is asked for, read from JSON: {@code method}, {@code path} with its query, {@code headers},
 * {@code body} (any JSON, taken as it is written; a string stands for its text) and {@code source}, the caller's address.
 *
 * @param head as a caller would send it, in UTF-8
 * @param body as a caller would send it, in UTF-8; empty without one
 * @param source where it is from; the loopback where that is not said
 */
record Imagined(String head, String body, InetSocketAddress source) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException saying what was expected, without what was written
     */
    static Imagined read(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            return new Reader(text, json).read();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "This is not JSON at character " + e.getLocation().getCharOffset() + ".", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("This cannot be read.", e);
        }
    }

    private static final class Reader {
        private final String text;
        private final JsonParser json;
        private final List<String> fields = new ArrayList<>();
        private String method = "POST";
        private String path = "";
        private String body = "";
        private InetSocketAddress source = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

        Reader(String text, JsonParser json) {
            this.text = text;
            this.json = json;
        }

        Imagined read() throws IOException {
            expect(json.nextToken() == JsonToken.START_OBJECT, "An object was expected.");
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "method" -> method = line();
                    case "path" -> path = line();
                    case "headers" -> headers();
                    case "body" -> body = value();
                    case "source" -> source = address(line());
                    default -> expect(false, "Only method, path, headers, body and source are known.");
                }
            }
            expect(json.nextToken() == null, "Nothing was expected behind the object.");
            expect(!path.isEmpty(), "A path was expected, such as /openai/v1/chat/completions.");
            return new Imagined(head(body.getBytes(StandardCharsets.UTF_8).length), body, source);
        }

        private void headers() throws IOException {
            expect(json.currentToken() == JsonToken.START_OBJECT, "Headers are an object of names and values.");
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                expect(isLine(name), "A header is one line.");
                if (json.nextToken() == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        fields.add(name + ": " + line());
                    }
                } else {
                    fields.add(name + ": " + line());
                }
            }
        }

        /** The text of a value, character by character as it is written; of a string, what it says. */
        private String value() throws IOException {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            int start = (int) json.currentTokenLocation().getCharOffset();
            json.skipChildren();
            json.finishToken();
            return text.substring(start, (int) json.currentLocation().getCharOffset());
        }

        private String line() throws IOException {
            expect(json.currentToken() == JsonToken.VALUE_STRING && isLine(json.getText()), "A line was expected.");
            return json.getText();
        }

        /** What is missing and says nothing by itself is put in, as every caller's library does. */
        private String head(int bodyBytes) {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
            if (!holds("host")) {
                head.append("host: localhost\r\n");
            }
            if (bodyBytes > 0 && !holds("content-length") && !holds("transfer-encoding")) {
                head.append("content-length: ").append(bodyBytes).append("\r\n");
            }
            if (bodyBytes > 0 && !holds("content-type")) {
                head.append("content-type: application/json\r\n");
            }
            fields.forEach(field -> head.append(field).append("\r\n"));
            return head.append("\r\n").toString();
        }

        private boolean holds(String name) {
            return fields.stream()
                    .anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith(name + ":"));
        }

        private static InetSocketAddress address(String literal) {
            InetAddress address = Network.address(literal);
            if (address == null) {
                throw new IllegalArgumentException("An IP address was expected as source.");
            }
            return new InetSocketAddress(address, 0);
        }

        private static boolean isLine(String text) {
            return text.indexOf('\r') < 0 && text.indexOf('\n') < 0;
        }

        private static void expect(boolean holds, String what) {
            if (!holds) {
                throw new IllegalArgumentException(what);
            }
        }
    }
}
