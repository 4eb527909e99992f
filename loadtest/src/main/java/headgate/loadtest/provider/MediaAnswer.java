package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Answers with what is not text: a grey dot for an image, sound in chunks for speech. */
final class MediaAnswer {
    /** How many bytes of sound come with each token. */
    static final int SOUND_CHUNK_BYTES = 1024;

    private static final String GREY_DOT_PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mOoBwAAgQCAfhwpxwAAAABJRU5ErkJggg==";

    private MediaAnswer() {}

    static Answer images(Question question) {
        int prompt = question.facts().promptTokens();
        int images = question.facts().choices;
        String dots = ("{\"b64_json\":\"" + GREY_DOT_PNG + "\"},").repeat(images);
        String usage = question.tellsUsage() ? ",\"usage\":" + Usage.ofResponse(prompt, images) : "";
        ByteBuf body = Unpooled.copiedBuffer(
                "{\"created\":" + question.createdSeconds() + ",\"data\":[" + dots.substring(0, dots.length() - 1)
                        + "],\"output_format\":\"png\"" + usage + "}",
                UTF_8);
        return Answer.Whole.json(body, prompt, images);
    }

    static Answer speech(Question question) {
        Answer.Event chunk = (token, out) -> {
            out.ensureWritable(SOUND_CHUNK_BYTES);
            out.setZero(out.writerIndex(), SOUND_CHUNK_BYTES);
            out.setInt(out.writerIndex(), token);
            out.writerIndex(out.writerIndex() + SOUND_CHUNK_BYTES);
        };
        return new Answer.Stream(
                "audio/mpeg",
                List.of(),
                chunk,
                question.lengthDefault(),
                List.of(),
                question.facts().promptTokens());
    }
}
