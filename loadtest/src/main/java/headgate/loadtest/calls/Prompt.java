package headgate.loadtest.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Writes the requests of a scenario: a chat of one message, its mark first, then words up to its length.
 *
 * <p>Four characters are taken for a token. The words begin at a place that differs from call to call, so that prompts differ.
 */
final class Prompt {
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final byte[] WORDS = ("the gate keeper measures what the river gives and every field drinks in turn "
                    + "while mills below wait for the evening level and count their share of it ")
            .repeat(400)
            .getBytes(US_ASCII);
    private static final int STARTS = 150;

    private final String head;
    private final String before;
    private final boolean stream;

    Prompt(Scenario scenario, Target target) {
        stream = scenario.flag(Key.STREAM);
        head = HttpMethod.POST + " " + target.path() + scenario.text(Key.PATH) + " " + HttpVersion.HTTP_1_1
                + "\r\nhost: " + target.authority() + "\r\ncontent-type: application/json\r\n"
                + (target.key().isEmpty() ? "" : "api-key: " + target.key() + "\r\n") + "content-length: ";
        before = "{\"model\":\"" + scenario.text(Key.MODEL) + "\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    }

    /** The whole request in a new buffer, which is the caller's. */
    ByteBuf write(Call call, ByteBufAllocator allocator) {
        String after = "\"}],\"max_tokens\":" + call.arrival.outputTokens()
                + (stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}" : "}");
        int words = Math.max(0, call.arrival.promptTokens() * CHARACTERS_PER_TOKEN - call.mark.length());
        int length = before.length() + call.mark.length() + words + after.length();
        ByteBuf out = allocator.ioBuffer(head.length() + length + 16);
        ByteBufUtil.writeAscii(out, head + length + "\r\n\r\n" + before + call.mark);
        int from = Math.floorMod(call.mark.hashCode(), STARTS);
        for (int left = words; left > 0; from = 0) {
            int piece = Math.min(left, WORDS.length - from);
            out.writeBytes(WORDS, from, piece);
            left -= piece;
        }
        ByteBufUtil.writeAscii(out, after);
        return out;
    }
}
