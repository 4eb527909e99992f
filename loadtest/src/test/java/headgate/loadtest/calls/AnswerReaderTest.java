package headgate.loadtest.calls;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.loadtest.measure.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    private static final String MARK = "hg~1.1.0~";
    private static final String STREAM = """
            data: {"id":"chatcmpl-1","choices":[{"delta":{"role":"assistant","content":""}}],"usage":null}

            data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"m heard \\"hg~1.1.0~ the\\"."}}],"usage":null}

            data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1},"simulated_nanos":4711}

            data: [DONE]

            """;
    private static final String WHOLE =
            "{\"choices\":[{\"message\":{\"content\":\"hg~1.1.0~\"}}],\"usage\":{\"completion_tokens\":4}}";

    private static Outcome judge(String answer, boolean stream) {
        return read(answer, answer.length()).judge(stream, true, true);
    }

    private static AnswerReader read(String answer, int split) {
        AnswerReader reader = new AnswerReader(MARK);
        ByteBuf bytes = Unpooled.copiedBuffer(answer, StandardCharsets.UTF_8);
        reader.read(bytes.readSlice(split), due -> {});
        reader.read(bytes, due -> {});
        return reader;
    }

    @Test
    void anAnswerIsUnderstoodHoweverItIsCut() {
        for (int split = 0; split <= STREAM.length(); split++) {
            AnswerReader reader = new AnswerReader(MARK);
            ByteBuf bytes = Unpooled.copiedBuffer(STREAM, StandardCharsets.UTF_8);
            List<Long> due = new ArrayList<>();
            int events = reader.read(bytes.readSlice(split), due::add) + reader.read(bytes, due::add);

            assertThat(events).as("cut at %d", split).isEqualTo(4);
            assertThat(reader.judge(true, true, true)).as("cut at %d", split).isEqualTo(Outcome.GOOD);
            assertThat(reader.tokens()).as("cut at %d", split).isEqualTo(1);
            assertThat(due).as("cut at %d", split).containsExactly(4711L);
        }
        for (int split = 0; split <= WHOLE.length(); split++) {
            AnswerReader reader = read(WHOLE, split);
            assertThat(reader.judge(false, true, true)).as("cut at %d", split).isEqualTo(Outcome.GOOD);
            assertThat(reader.tokens()).as("cut at %d", split).isEqualTo(4);
        }
    }

    @Test
    void aStreamWithoutItsEndIsIncomplete() {
        assertThat(judge(STREAM.replace("data: [DONE]\n\n", ""), true)).isEqualTo(Outcome.INCOMPLETE);
        assertThat(judge(STREAM.replace("\"usage\":{", "\"usage\":null,\"x\":{"), true))
                .isEqualTo(Outcome.INCOMPLETE);
        assertThat(judge("", false)).isEqualTo(Outcome.INCOMPLETE);
    }

    @Test
    void theMarkOfAnotherCallIsACrossedAnswerAndNoMarkAWrongOne() {
        assertThat(judge(STREAM.replace(MARK, "hg~1.1.00~"), true)).isEqualTo(Outcome.CROSSED);
        assertThat(judge(STREAM.replace("the\\\"", "hg~9.9.9~\\\""), true))
                .as("its own and another's")
                .isEqualTo(Outcome.CROSSED);
        assertThat(judge(STREAM.replace(MARK, ""), true)).isEqualTo(Outcome.WRONG);
        assertThat(read(STREAM.replace(MARK, ""), 5).judge(true, false, true)).isEqualTo(Outcome.GOOD);
    }

    @Test
    void anEventOfAnotherStreamIsACrossedAnswer() {
        assertThat(judge(STREAM.replaceFirst("(?s)(.*)chatcmpl-1", "$1chatcmpl-2"), true))
                .isEqualTo(Outcome.CROSSED);
        assertThat(judge(STREAM.replace("{\"id\":\"chatcmpl-1\",", "{"), true))
                .as("a target that tells no ids")
                .isEqualTo(Outcome.GOOD);
    }

    @Test
    void aStreamWithFewerTokensThanItsUsageTellsIsIncomplete() {
        String missing = STREAM.replace("\"completion_tokens\":1", "\"completion_tokens\":2");
        assertThat(judge(missing, true)).isEqualTo(Outcome.INCOMPLETE);
        assertThat(read(missing, 5).judge(true, false, true))
                .as("another model may put several into one event")
                .isEqualTo(Outcome.GOOD);
    }

    @Test
    void aLineIsKeptUpToItsBound() {
        // The usage's opening is the last that is looked for: cut there, it is not found.
        int needed = WHOLE.indexOf("\"usage\":{") + "\"usage\":{".length();
        for (int beyond = -1; beyond <= 1; beyond++) {
            String filling = "x".repeat(AnswerReader.LINE_BYTES_MAX + beyond - needed);
            assertThat(judge(filling + WHOLE, false))
                    .as("%d beyond the bound", beyond)
                    .isEqualTo(beyond <= 0 ? Outcome.GOOD : Outcome.INCOMPLETE);
        }
    }
}
