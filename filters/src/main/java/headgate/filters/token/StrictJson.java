package headgate.filters.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON object read whole in the one way it can be understood: no name twice, nothing behind it, and only so deep.
 *
 * <p>Its size is bounded by whoever has the bytes. Nulls are {@link #NULL}.
 */
final class StrictJson {
    /** What {@code null} is read as. */
    static final Object NULL = new Object();

    /** Names come from callers: none of them is kept for later. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final JsonParser parser;
    private final int depthMax;

    private StrictJson(JsonParser parser, int depthMax) {
        this.parser = parser;
        this.depthMax = depthMax;
    }

    /**
     * Reads an object.
     *
     * @param utf8 all of it and nothing else
     * @param depthMax how deep it may nest; 1 for an object of plain values
     * @throws TokenException if it is anything else
     */
    static Map<String, Object> object(byte[] utf8, int depthMax) throws TokenException {
        String text = text(utf8);
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new TokenException(TokenFault.NOT_JSON);
            }
            Map<String, Object> object = new StrictJson(parser, depthMax).members(1);
            if (parser.nextToken() != null) {
                throw new TokenException(TokenFault.NOT_JSON);
            }
            return object;
        } catch (IOException e) {
            throw new TokenException(TokenFault.NOT_JSON);
        }
    }

    private Map<String, Object> members(int depth) throws IOException, TokenException {
        boundDepth(depth);
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (members.put(name, value(depth)) != null) {
                throw new TokenException(TokenFault.DUPLICATE_MEMBER);
            }
        }
        return members;
    }

    private List<Object> items(int depth) throws IOException, TokenException {
        boundDepth(depth);
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(depth));
        }
        return items;
    }

    private Object value(int depth) throws IOException, TokenException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(depth + 1);
            case START_ARRAY -> items(depth + 1);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> NULL;
        };
    }

    private void boundDepth(int depth) throws TokenException {
        if (depth > depthMax) {
            throw new TokenException(TokenFault.TOO_DEEP);
        }
    }

    /** Decoded here, since the parser would guess among five encodings, and mend what is malformed. */
    private static String text(byte[] utf8) throws TokenException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TokenException(TokenFault.NOT_UTF_8);
        }
    }
}
