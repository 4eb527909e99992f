package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The text of an answer in pieces of one token, escaped for a JSON string.
 *
 * <p>The opening piece names the model and echoes the prompt's beginning, so that an answer that reached the wrong
 * caller is seen; the rest are words made once for all answers.
 */
final class AnswerText {
    private static final int ECHO_CHARACTERS_MAX = 48;
    private static final int ARGUMENT_PIECE_CHARACTERS = 6;
    private static final byte[][] WORDS = Stream.of(
                    " Where",
                    " the",
                    " canal",
                    " leaves",
                    " the",
                    " river",
                    " a",
                    " headgate",
                    " stands,",
                    " and",
                    " all",
                    " the",
                    " water",
                    " passes",
                    " there,",
                    " measured",
                    " and",
                    " regulated,",
                    " on",
                    " its",
                    " way",
                    " to",
                    " the",
                    " field",
                    " it",
                    " belongs",
                    " to.")
            .map(word -> word.getBytes(UTF_8))
            .toArray(byte[][]::new);

    private final byte[][] opening;
    private final int tokens;

    private AnswerText(byte[][] opening, int tokens) {
        this.opening = opening;
        this.tokens = tokens;
    }

    /** A text of so many tokens that names the model and echoes the prompt. */
    static AnswerText echoing(String model, String prompt, int tokens) {
        String heading = model + " heard \"" + beginning(prompt) + "\".";
        return new AnswerText(new byte[][] {escaped(heading).getBytes(UTF_8)}, tokens);
    }

    /** The arguments of a tool's call, a JSON object inside of a string. */
    static AnswerText arguments(String model, String prompt) {
        String arguments = "{\"model\":" + quoted(model) + ",\"heard\":" + quoted(beginning(prompt)) + "}";
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < arguments.length(); ) {
            int to = whole(arguments, Math.min(from + ARGUMENT_PIECE_CHARACTERS, arguments.length()));
            pieces.add(escaped(arguments.substring(from, to)).getBytes(UTF_8));
            from = to;
        }
        return new AnswerText(pieces.toArray(byte[][]::new), pieces.size());
    }

    /** A JSON string with its quotes. */
    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    int tokens() {
        return tokens;
    }

    void write(int token, ByteBuf out) {
        out.writeBytes(token < opening.length ? opening[token] : WORDS[(token - opening.length) % WORDS.length]);
    }

    void writeAll(ByteBuf out) {
        for (int token = 0; token < tokens; token++) {
            write(token, out);
        }
    }

    private static String beginning(String prompt) {
        return prompt.substring(0, whole(prompt, Math.min(prompt.length(), ECHO_CHARACTERS_MAX)));
    }

    /** The index, or the one after it where it would fall into a surrogate pair. */
    private static int whole(String text, int index) {
        boolean splits = index > 0 && index < text.length() && Character.isHighSurrogate(text.charAt(index - 1));
        return splits ? index + 1 : index;
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
