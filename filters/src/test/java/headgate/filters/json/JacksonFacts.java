package headgate.filters.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A scanner as it would be on jackson-core: the same facts, collected from the tokens of its non-blocking parser.
 *
 * <p>What the benchmark measures beside {@link JsonScanner}. It leaves to jackson-core what to accept, so it is looser.
 */
final class JacksonFacts {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Map<String, KnownName> NAMES = Arrays.stream(KnownName.values())
            .filter(name -> name != KnownName.OTHER && name != KnownName.ID_OF_SOMETHING)
            .collect(Collectors.toMap(name -> name.name().toLowerCase(Locale.ROOT), Function.identity()));
    private static final int DEPTH_MAX = 128;
    private static final int MESSAGE_DEPTH = 3;

    final BodyFacts facts = new BodyFacts(100_000);
    private final int[] containers = new int[DEPTH_MAX + 1];
    private final NumberToken number = new NumberToken();
    private int depth;
    private int context;

    void read(ByteBuffer body) throws IOException {
        facts.reset();
        depth = 0;
        context = 0;
        try (JsonParser parser = FACTORY.createNonBlockingByteBufferParser()) {
            ByteBufferFeeder feeder = (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
            feeder.feedInput(body);
            feeder.endOfInput();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                token(parser, token);
            }
        } catch (JsonException e) {
            throw new IOException(e);
        }
    }

    private void token(JsonParser parser, JsonToken token) throws IOException, JsonException {
        switch (token) {
            case START_OBJECT, START_ARRAY -> {
                begins(parser, token == JsonToken.START_OBJECT ? (byte) '{' : (byte) '[');
                depth++;
                containers[depth] = context;
            }
            case END_OBJECT, END_ARRAY -> {
                context = containers[depth];
                depth--;
                ends(parser, (byte) '{');
            }
            case FIELD_NAME -> name(parser);
            case VALUE_STRING -> string(parser);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                begins(parser, (byte) '1');
                if (depth == 1) {
                    byte[] digits = (parser.getText() + " ").getBytes(StandardCharsets.US_ASCII);
                    number.begin(digits[0]);
                    number.scan(digits, 1, digits.length, 0);
                }
                ends(parser, (byte) '1');
            }
            case VALUE_TRUE -> literal(parser, (byte) 't');
            case VALUE_FALSE -> literal(parser, (byte) 'f');
            case VALUE_NULL -> literal(parser, (byte) 'n');
            default -> throw new IOException("the body is not complete");
        }
    }

    private void name(JsonParser parser) throws IOException, JsonException {
        String text = parser.currentName();
        if (depth == 1) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            context = facts.member(start(parser), end(parser), bytes, 0, bytes.length);
            return;
        }
        KnownName name = NAMES.get(text);
        if (name == null) {
            name = text.endsWith("_id") ? KnownName.ID_OF_SOMETHING : KnownName.OTHER;
        }
        if (TextRule.nameIsText(containers[depth])) {
            facts.texts.open(containers[depth], start(parser) + 1);
            facts.texts.close(end(parser) - 1, 0);
        }
        context = TextRule.below(containers[depth], name);
    }

    private void string(JsonParser parser) throws IOException, JsonException {
        begins(parser, (byte) '"');
        if (TextRule.stringIsText(context)) {
            facts.texts.open(context, start(parser) + 1);
            facts.texts.close(end(parser) - 1, 0);
        }
        if (depth == 1 ? facts.isModel(context) : depth == MESSAGE_DEPTH && TextRule.isRole(context)) {
            byte[] bytes = parser.getText().getBytes(StandardCharsets.UTF_8);
            facts.stringIs(depth, context, bytes, 0, bytes.length);
        }
        ends(parser, (byte) '"');
    }

    private void literal(JsonParser parser, byte first) throws JsonException {
        begins(parser, first);
        ends(parser, first);
    }

    private void begins(JsonParser parser, byte first) throws JsonException {
        if (depth == 0) {
            facts.bodyBegins(start(parser));
        } else if (depth <= 2) {
            facts.valueBegins(depth, context, first, start(parser));
        }
    }

    private void ends(JsonParser parser, byte first) {
        if (depth == 0) {
            facts.bodyEnds(start(parser));
        } else if (depth <= 2) {
            facts.valueEnds(depth, context, first, number, end(parser));
        }
    }

    /** The parser says where a string's inside begins, and where anything else does. */
    private static long start(JsonParser parser) {
        boolean string =
                parser.currentToken() == JsonToken.VALUE_STRING || parser.currentToken() == JsonToken.FIELD_NAME;
        return parser.currentTokenLocation().getByteOffset() - (string ? 1 : 0);
    }

    private static long end(JsonParser parser) {
        return parser.currentLocation().getByteOffset();
    }
}
