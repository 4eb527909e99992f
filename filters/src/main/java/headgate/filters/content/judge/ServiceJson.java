package headgate.filters.content.judge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JSON as services take and give it; what they give is bounded in size by whoever has the bytes, and in depth here. */
final class ServiceJson {
    private static final int DEPTH_MAX = 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();

    private ServiceJson() {}

    /** What writes an object. */
    interface Writing {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] object(Writing members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /** Reads an object: maps, lists, texts, numbers and booleans; a null is left out. */
    static Map<?, ?> read(byte[] utf8) throws IOException {
        try (JsonParser parser = JSON.createParser(utf8)) {
            parser.nextToken();
            if (value(parser) instanceof Map<?, ?> object && parser.nextToken() == null) {
                return object;
            }
        } catch (IOException e) {
            // Not as its cause: Jackson quotes what it read, which may be a caller's text.
            throw new IOException("it did not answer with JSON");
        }
        throw new IOException("it did not answer with one JSON object");
    }

    /** The object at this member. */
    static Map<?, ?> object(Map<?, ?> of, String name) throws IOException {
        if (of.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw new IOException("its answer has no object " + name);
    }

    /** The array at this member. */
    static List<?> list(Map<?, ?> of, String name) throws IOException {
        if (of.get(name) instanceof List<?> list) {
            return list;
        }
        throw new IOException("its answer has no array " + name);
    }

    /** The boolean at this member. */
    static boolean is(Map<?, ?> of, String name) throws IOException {
        if (of.get(name) instanceof Boolean value) {
            return value;
        }
        throw new IOException("its answer has no true or false at " + name);
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    members.put(name, value(parser));
                }
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser));
            }
            return items;
        }
        if (token == null) {
            throw new IOException("nothing to read");
        }
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            default -> parser.getText();
        };
    }
}
