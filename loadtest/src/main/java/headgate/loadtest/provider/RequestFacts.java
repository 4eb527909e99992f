package headgate.loadtest.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer needs to know of its request, gathered from the body's tokens one by one.
 *
 * <p>A string is prompt text if the nearest field around it is one of {@link #TEXT_FIELDS}. Written by
 * {@link RequestReader} alone.
 */
final class RequestFacts {
    /** Above this many an {@code n} is taken for this many, as providers bound it. */
    static final int CHOICES_MAX = 128;

    static final int DIMENSIONS_MAX = 4096;

    private static final Set<String> TEXT_FIELDS = Set.of("content", "text", "prompt", "input", "instructions");

    @Nullable
    String model;

    boolean stream;
    boolean includeUsage;
    boolean base64;
    int tokensMax = Integer.MAX_VALUE;
    int choices = 1;
    int dimensions = 8;

    /** How many texts or images an {@code input} holds, or prompts a {@code prompt}; an array of tokens is one. */
    int inputs;

    /** The text of the last user, or the last text where there are no roles. */
    String lastText = "";

    /** How many characters of prompt text there are; of a string that was cut short, bytes beyond the cut. */
    long promptCharacters;

    @Nullable
    String firstTool;

    private boolean toolRequired;
    private @Nullable String lastRole;
    private @Nullable String elementRole;
    private @Nullable String elementText;
    private String topField = "";
    private int depth;

    /** Takes in one token; true if it was prompt text. */
    boolean accept(JsonParser parser, JsonToken token) throws IOException {
        if (token.isStructStart()) {
            begin();
        } else if (token.isStructEnd()) {
            end();
        } else if (token == JsonToken.FIELD_NAME) {
            if (depth == 1) {
                topField = parser.currentName();
            }
        } else if (token == JsonToken.VALUE_STRING) {
            return string(fieldAround(parser), parser.getText());
        } else if (token == JsonToken.VALUE_NUMBER_INT && depth == 1) {
            number(parser.getValueAsInt(Integer.MAX_VALUE));
        } else if (token == JsonToken.VALUE_TRUE) {
            stream |= depth == 1 && topField.equals("stream");
            includeUsage |= depth == 2
                    && topField.equals("stream_options")
                    && parser.currentName().equals("include_usage");
        }
        return false;
    }

    boolean ended() {
        return depth == 0;
    }

    boolean callsTool() {
        boolean asked = lastText.contains("call the tool") && !"tool".equals(lastRole);
        return firstTool != null && (toolRequired || asked);
    }

    /** One token for four characters, a started one counted whole. */
    int promptTokens() {
        return (int) ((promptCharacters + 3) / 4);
    }

    private void begin() {
        if (depth == 2 && isInput()) {
            inputs++;
            elementRole = null;
            elementText = null;
        }
        toolRequired |= depth == 1 && topField.equals("tool_choice");
        depth++;
    }

    private void end() {
        depth--;
        if (depth == 2 && isInput()) {
            lastRole = elementRole;
            if (elementText != null && (elementRole == null || elementRole.equals("user"))) {
                lastText = elementText;
            }
        }
    }

    private boolean string(String field, String value) {
        if (topField.equals("tools")) {
            // A function's own name stands right in the tool or in its function; deeper ones belong to its schema.
            firstTool = firstTool == null && field.equals("name") && depth <= 4 ? value : firstTool;
            return false;
        }
        if (TEXT_FIELDS.contains(field)) {
            text(value);
            return true;
        }
        if (depth == 1) {
            option(value);
        } else if (depth == 3 && field.equals("role")) {
            elementRole = value;
        }
        return false;
    }

    private void text(String value) {
        if (depth <= 2 && isInput()) {
            inputs++;
            lastText = value;
        } else {
            elementText = value;
        }
        promptCharacters += value.codePointCount(0, value.length());
    }

    private void option(String value) {
        switch (topField) {
            case "model" -> model = value;
            case "encoding_format" -> base64 = value.equals("base64");
            case "tool_choice" -> toolRequired = value.equals("required");
            default -> {}
        }
    }

    private void number(int value) {
        switch (topField) {
            case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
                tokensMax = Math.min(tokensMax, Math.max(value, 1));
            case "n" -> choices = Math.min(Math.max(value, 1), CHOICES_MAX);
            case "dimensions" -> dimensions = Math.min(Math.max(value, 1), DIMENSIONS_MAX);
            default -> {}
        }
    }

    private boolean isInput() {
        return topField.equals("messages") || topField.equals("input") || topField.equals("prompt");
    }

    private static String fieldAround(JsonParser parser) {
        JsonStreamContext around = parser.getParsingContext();
        while (around.inArray()) {
            around = around.getParent();
        }
        String name = around.getCurrentName();
        return name == null ? "" : name;
    }
}
