package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text is counted, and nothing of the framing around it. */
class PassedTextTest {
    private final PassedText passed = new PassedText();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "data: {'id':'chatcmpl-1','choices':[{'delta':{'role':'assistant','content':'Hello'}}]} | 5",
                "{'choices':[{'text':'four','index':0,'logprobs':null}]} | 4",
                "{'choices':[{'message':{'content':null,'tool_calls':[{'function':{'name':'look','arguments':'{}'}}]}}]} | 2",
                "{'choices':[{'delta':{'reasoning_content':'why','content':'so'}}]} | 5",
                "{'type':'response.output_text.delta','item_id':'msg_1','delta':'abc'} | 3",
                "{'output':[{'content':[{'type':'output_text','text':'abc','annotations':[]}]}]} | 3",
                "{'content': 'a\\n\\u00e9\\\\\\'é日'} | 7",
                "{'content':'{\\'content\\':\\'inner\\'}'} | 19",
                "{'Content':'x','contents':'x','con\\u0074ent':'x'} | 0"
            })
    void theStringsThatAModelMadeAreCountedWhereverTheBytesAreSplit(String answer, long characters) {
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int split = 0; split <= bytes.length; split++) {
            passed.reset();
            read(bytes, 0, split);
            read(bytes, split, bytes.length);
            assertThat(passed.characters()).as("split at %d", split).isEqualTo(characters);
        }
    }

    @Test
    void ofALargePartTheRestIsTakenToBeLikeItsBeginning() {
        String event = "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\"0123456789\"}}]}\n\n";
        byte[] burst = event.repeat(500).getBytes(StandardCharsets.UTF_8);
        byte[] single = event.getBytes(StandardCharsets.UTF_8);
        read(burst, 0, burst.length);
        read(single, 0, single.length);
        read(burst, 7, burst.length);
        assertThat(passed.characters()).isCloseTo(10_010, Percentage.withPercentage(10));
    }

    @Test
    void ofALongStreamSomeEventsStandForAll() {
        for (int event = 0; event < 1000; event++) {
            byte[] bytes = ("data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(event % 7) + "\"}}]}\n\n")
                    .getBytes(StandardCharsets.UTF_8);
            read(bytes, 0, bytes.length);
        }
        assertThat(passed.characters()).isCloseTo(3000, Percentage.withPercentage(5));
    }

    @Test
    void behindALargePartTextIsFoundAgainAtTheNextLine() {
        byte[] large = ("{\"content\":\"" + "x".repeat(5000)).getBytes(StandardCharsets.UTF_8);
        byte[] next = "\",\"id\":\"yyyyyyyy\"}\n{\"content\":\"zz\"}".getBytes(StandardCharsets.UTF_8);
        read(large, 0, large.length);
        long before = passed.characters();
        read(next, 0, next.length);
        assertThat(before).isCloseTo(5000, Percentage.withPercentage(2));
        assertThat(passed.characters()).isCloseTo(before, Percentage.withPercentage(5));
    }

    @Test
    void nothingIsNoText() {
        read(new byte[0], 0, 0);
        assertThat(passed.characters()).isZero();
    }

    private void read(byte[] bytes, int from, int to) {
        ByteBuf part = Unpooled.directBuffer().writeBytes(bytes, from, to - from);
        passed.read(part);
        assertThat(part.readableBytes()).as("its indices stay").isEqualTo(to - from);
        part.release();
    }
}
