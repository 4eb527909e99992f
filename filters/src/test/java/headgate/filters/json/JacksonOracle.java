package headgate.filters.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same facts, read from jackson-core's tokens in the plainest way.
 *
 * <p>Where jackson-core is looser on purpose, the stricter rule is added here, by other means: it takes any value at the top
 * and several after each other, skips a byte order mark, and takes UTF-8 in too long a form, surrogates and what lies
 * above U+10FFFF.
 */
final class JacksonOracle {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> TOOLS =
            Set.of("tools", "functions", "response_format", "text", "tool_choice", "function_call");
    private static final Set<String> CALLS = Set.of("tool_calls", "function_call", "arguments", "output");
    private static final Set<String> SCHEMAS = Set.of("parameters", "schema", "properties");
    /** What excepts a string, and the names above it beside which it does; an empty one stands for any but variables. */
    private static final Map<String, Set<String>> LABELS = Map.ofEntries(
            Map.entry("type", Set.of("")),
            Map.entry("image_url", Set.of("")),
            Map.entry("file_data", Set.of("")),
            Map.entry("status", Set.of("input", "messages")),
            Map.entry("encrypted_content", Set.of("input", "messages")),
            Map.entry("url", Set.of("image_url", "video_url", "audio_url")),
            Map.entry("detail", Set.of("image_url", "content", "output")),
            Map.entry("data", Set.of("input_audio", "source")),
            Map.entry("format", Set.of("input_audio", "source")));
    /** At the top. */
    private static final Set<String> UNREAD = Set.of(
            "model",
            "stream",
            "stream_options",
            "user",
            "metadata",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "reasoning",
            "reasoning_effort",
            "verbosity",
            "truncation",
            "stop",
            "modalities",
            "audio",
            "include",
            "conversation",
            "logit_bias",
            "encoding_format",
            "voice",
            "size",
            "quality",
            "background",
            "moderation",
            "output_format",
            "stream_format",
            "input_type");

    private static final Map<String, String> SPEAKERS =
            Map.of("system", "SYSTEM", "developer", "SYSTEM", "tool", "TOOL", "function", "TOOL");
    private static final Map<String, TextKind> KINDS = Map.of(
            "messages", TextKind.MESSAGE,
            "prediction", TextKind.MESSAGE,
            "system", TextKind.SYSTEM,
            "prompt", TextKind.PROMPT,
            "suffix", TextKind.PROMPT,
            "input", TextKind.INPUT,
            "instructions", TextKind.INSTRUCTIONS);

    final List<String> members = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final Map<String, Object> scalars = new HashMap<>();
    boolean includeUsage;
    private final JsonParser parser;
    private int models;

    /** Reads a body; throws if it is none. */
    JacksonOracle(byte[] body) throws IOException {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        if (body.length > 0 && body[0] == (byte) 0xEF) {
            throw new CharacterCodingException();
        }
        parser = FACTORY.createNonBlockingByteBufferParser();
        try (parser) {
            ByteBufferFeeder feeder = (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
            feeder.feedInput(ByteBuffer.wrap(body, 0, withoutSpaceBehind(body)));
            feeder.endOfInput();
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                member();
            }
            require(parser.nextToken() == null);
        }
    }

    /** This parser does not say that it is done when space stands behind the value. */
    private static int withoutSpaceBehind(byte[] body) {
        int end = body.length;
        while (end > 0 && " \t\r\n".indexOf(body[end - 1]) >= 0) {
            end--;
        }
        return end;
    }

    private void member() throws IOException {
        String name = parser.currentName();
        members.add(name);
        JsonToken token = parser.nextToken();
        if (name.equals("model")) {
            models++;
            require(models == 1 && (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL));
        }
        if (name.equals("stream_options")) {
            includeUsage = false;
        }
        scalars.put(name, scalar(token));
        if (TOOLS.contains(name)) {
            value(name, 1, name, TextKind.TOOL, true, false);
        } else if (KINDS.containsKey(name) || UNREAD.contains(name) || name.endsWith("_id")) {
            value(name, 1, name, KINDS.get(name), false, false);
        } else if (name.equals("data_sources")) {
            sources();
        } else {
            boolean documents = name.equals("documents");
            everything(documents ? TextKind.TOOL : TextKind.INSTRUCTIONS, !documents);
        }
    }

    private @Nullable Object scalar(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
            case VALUE_TRUE -> true;
            default -> null;
        };
    }

    /** A number whose exponent is beyond what {@link BigDecimal} takes is as good as zero or without end. */
    private static BigDecimal number(String text) {
        String mantissa = text.replaceFirst("[eE].*", "");
        String exponent = text.substring(mantissa.length());
        if (exponent.length() < 8 || new BigDecimal(mantissa).signum() == 0) {
            return new BigDecimal(exponent.length() < 8 ? text : mantissa);
        }
        BigDecimal endless = BigDecimal.TEN.pow(30);
        return exponent.contains("-")
                ? BigDecimal.ZERO
                : endless.multiply(BigDecimal.valueOf(new BigDecimal(mantissa).signum()));
    }

    /** All strings, and where asked all names. */
    private void everything(TextKind kind, boolean names) throws IOException {
        JsonToken token = parser.currentToken();
        require(token != null && token != JsonToken.NOT_AVAILABLE);
        if (token == JsonToken.VALUE_STRING) {
            texts.add(kind + " " + parser.getText());
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                everything(kind, names);
            }
        } else if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                require(parser.currentToken() == JsonToken.FIELD_NAME);
                if (names) {
                    texts.add(kind + " " + parser.currentName());
                }
                parser.nextToken();
                everything(kind, names);
            }
        }
    }

    private void sources() throws IOException {
        JsonToken token = parser.currentToken();
        require(token != null && token != JsonToken.NOT_AVAILABLE);
        if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                sources();
            }
        } else if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                require(parser.currentToken() == JsonToken.FIELD_NAME);
                boolean read = parser.currentName().equals("role_information");
                parser.nextToken();
                if (read) {
                    everything(TextKind.INSTRUCTIONS, false);
                } else {
                    sources();
                }
            }
        }
    }

    private void value(String top, int depth, String name, @Nullable TextKind kind, boolean tools, boolean schema)
            throws IOException {
        JsonToken token = parser.currentToken();
        require(token != null && token != JsonToken.NOT_AVAILABLE);
        if (token == JsonToken.VALUE_STRING) {
            boolean label = tools ? name.equals("type") : isLabel(name);
            String text = parser.getText();
            if (kind != null && !label) {
                texts.add((name.equals("role") && !tools && !above.equals("variables") ? "ROLE" : kind) + " " + text);
            }
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                message(top, depth + 1, name, kind, tools, schema);
            }
        } else if (token == JsonToken.START_OBJECT) {
            String before = above;
            above = name;
            object(top, depth + 1, kind, tools, schema);
            above = before;
        }
    }

    private boolean isLabel(String name) {
        if (name.equals("id") || name.endsWith("_id")) {
            return !above.equals("variables") && !above.equals("output");
        }
        Set<String> beside = LABELS.getOrDefault(name, Set.of());
        return beside.contains(above) || (beside.contains("") && !above.equals("variables"));
    }

    private @Nullable String role;

    /** The nearest name above the object that is read. */
    private String above = "";

    /** What stands directly in {@code messages} or {@code input} may turn out to be said by the system or a tool. */
    private void message(String top, int depth, String name, @Nullable TextKind kind, boolean tools, boolean schema)
            throws IOException {
        if (depth != 2) {
            value(top, depth, name, kind, tools, schema);
            return;
        }
        int first = texts.size();
        role = null;
        value(top, depth, name, kind, tools, schema);
        String speaker = role == null ? null : SPEAKERS.get(role);
        if ((kind == TextKind.MESSAGE || kind == TextKind.INPUT) && speaker != null) {
            texts.subList(first, texts.size()).replaceAll(text -> text.replaceFirst("^" + kind + " ", speaker + " "));
        }
    }

    private void object(String top, int depth, @Nullable TextKind kind, boolean tools, boolean schema)
            throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            require(parser.currentToken() == JsonToken.FIELD_NAME);
            String name = parser.currentName();
            if (schema) {
                texts.add(kind + " " + name);
            }
            JsonToken token = parser.nextToken();
            if (depth == 2 && top.equals("stream_options") && name.equals("include_usage")) {
                includeUsage = token == JsonToken.VALUE_TRUE;
            }
            if (depth == 3 && name.equals("role") && !above.equals("variables") && token == JsonToken.VALUE_STRING) {
                role = parser.getText();
            }
            TextKind inner = kind != null && !tools && CALLS.contains(name) ? TextKind.TOOL : kind;
            if (kind != null && !tools && name.equals("arguments")) {
                everything(TextKind.TOOL, true);
                continue;
            }
            message(top, depth, name, inner, tools, schema || (tools && SCHEMAS.contains(name)));
        }
    }

    private static void require(boolean right) throws IOException {
        if (!right) {
            throw new IOException("refused");
        }
    }
}
