package headgate.loadtest.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

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

    private final Target target;
    private final String path;
    private final String head;
    private final String before;
    private final boolean stream;

    Prompt(Scenario scenario, Target target) {
        this.target = target;
        stream = scenario.flag(Key.STREAM);
        path = target.path() + scenario.text(Key.PATH);
        head = HttpMethod.POST + " " + path + " " + HttpVersion.HTTP_1_1
                + "\r\nhost: " + target.authority() + "\r\ncontent-type: application/json\r\n"
                + (target.key().isEmpty() ? "" : "api-key: " + target.key() + "\r\n") + "content-length: ";
        before = "{\"model\":\"" + scenario.text(Key.MODEL) + "\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    }

    /** A request of HTTP/1.1, head and body, in a new buffer, which is the caller's. */
    ByteBuf whole(Call call, ByteBufAllocator allocator) {
        String after = after(call);
        int length = length(call, after);
        ByteBuf out = allocator.ioBuffer(head.length() + length + 16);
        ByteBufUtil.writeAscii(out, head + length + "\r\n\r\n");
        return write(call, after, out);
    }

    /** The body alone in a new buffer, which is the caller's. */
    ByteBuf body(Call call, ByteBufAllocator allocator) {
        String after = after(call);
        return write(call, after, allocator.ioBuffer(length(call, after)));
    }

    /** The head of a request of HTTP/2 with a body of so many bytes. */
    Http2Headers head(int bodyBytes) {
        Http2Headers headers = new DefaultHttp2Headers()
                .method(HttpMethod.POST.asciiName())
                .scheme(target.secure() ? "https" : "http")
                .authority(target.authority())
                .path(path)
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bodyBytes));
        return target.key().isEmpty() ? headers : headers.set("api-key", target.key());
    }

    private ByteBuf write(Call call, String after, ByteBuf out) {
        ByteBufUtil.writeAscii(out, before + call.mark);
        int from = Math.floorMod(call.mark.hashCode(), STARTS);
        for (int left = words(call); left > 0; from = 0) {
            int piece = Math.min(left, WORDS.length - from);
            out.writeBytes(WORDS, from, piece);
            left -= piece;
        }
        ByteBufUtil.writeAscii(out, after);
        return out;
    }

    private String after(Call call) {
        return "\"}],\"max_tokens\":" + call.arrival.outputTokens()
                + (stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}" : "}");
    }

    private int length(Call call, String after) {
        return before.length() + call.mark.length() + words(call) + after.length();
    }

    private static int words(Call call) {
        return Math.max(0, call.arrival.promptTokens() * CHARACTERS_PER_TOKEN - call.mark.length());
    }
}
