package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.StringJoiner;

/** Answers embeddings: one vector for each input, the same for the same model, last input and place. */
final class EmbeddingAnswer {
    private EmbeddingAnswer() {}

    static Answer of(Question question) {
        RequestFacts facts = question.facts();
        int seed = 31 * question.model().hashCode() + facts.lastText.hashCode();
        ByteBuf body = Unpooled.buffer();
        body.writeCharSequence("{\"object\":\"list\",\"id\":\"" + question.id("embd-") + "\",\"data\":[", UTF_8);
        for (int input = 0; input < Math.max(facts.inputs, 1); input++) {
            float[] vector = vector(seed + input, facts.dimensions);
            body.writeCharSequence(
                    (input == 0 ? "" : ",") + "{\"object\":\"embedding\",\"index\":" + input + ",\"embedding\":"
                            + (facts.base64 ? base64(vector) : numbers(vector)) + "}",
                    UTF_8);
        }
        String usage = question.tellsUsage() ? ",\"usage\":" + Usage.ofEmbedding(facts.promptTokens()) : "";
        body.writeCharSequence("],\"model\":" + question.quotedModel() + usage + "}", UTF_8);
        return Answer.Whole.json(body, facts.promptTokens(), 0);
    }

    /** Numbers between -1 and 1 that a double would write as short as a float does. */
    private static float[] vector(int seed, int dimensions) {
        float[] vector = new float[dimensions];
        int mixed = seed;
        for (int i = 0; i < dimensions; i++) {
            mixed = mixed * 1_664_525 + 1_013_904_223;
            vector[i] = (mixed >> 16) / 32_768f;
        }
        return vector;
    }

    private static String numbers(float[] vector) {
        StringJoiner numbers = new StringJoiner(",", "[", "]");
        for (float number : vector) {
            numbers.add(Float.toString(number));
        }
        return numbers.toString();
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return '"' + Base64.getEncoder().encodeToString(bytes.array()) + '"';
    }
}
