package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a body may use: its prompt's characters by four, and the completion that is asked for, for every choice. */
class TokenEstimateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // Rounded up, and at least one.
                "{} | 1 | 0",
                "{'prompt':''} | 1 | 0",
                "{'prompt':'abcd'} | 1 | 0",
                "{'prompt':'abcde'} | 2 | 0",
                "{'messages':[{'role':'user','content':'abcd'},{'role':'user','content':[{'type':'text','text':'efgh'}]}]} | 2 | 0",
                // A character is one, however it is written.
                "{'prompt':'\\n\\t\\u00e9é日本語x'} | 2 | 0",
                "{'prompt':'日本語日'} | 1 | 0",
                // What a model does not read as text is not counted.
                "{'messages':[{'content':[{'type':'image_url','image_url':{'url':'data:AAAAAAAAAAAAAAAA'}}]}]} | 1 | 0",
                // Prompts may come as tokens.
                "{'prompt':[1,22,333]} | 3 | 0",
                "{'input':[[1,2],[3,4],[5]]} | 5 | 0",
                "{'input':['abcd',7]} | 2 | 0",
                // All three names of the bound, for every choice; the prompt is read once.
                "{'prompt':'abcd','max_tokens':10} | 1 | 10",
                "{'prompt':'abcd','max_completion_tokens':10,'n':3} | 1 | 30",
                "{'input':'abcd','max_output_tokens':10} | 1 | 10",
                "{'prompt':'abcd','max_tokens':10,'best_of':4,'n':2} | 1 | 40",
                "{'prompt':'abcd','max_tokens':10,'n':0} | 1 | 10",
                "{'prompt':'abcd','n':5} | 1 | 0",
                // What no number can be has a bound.
                "{'max_tokens':99999999999999999999,'n':99999999999999999999} | 1 | 68719476736",
                "{'max_tokens':-5} | 1 | 0"
            })
    void aBodyIsEstimatedByItsTextsAndBounds(String body, long prompt, long completion) throws Exception {
        assertThat(estimate(body.replace('\'', '"'))).isEqualTo(new TokenEstimate(prompt, completion));
    }

    @Test
    void aRequestWithoutJsonCountsAsOneToken() {
        assertThat(TokenEstimate.of(null).tokens()).isEqualTo(1);
    }

    @Test
    void theTokensAreBothTogether() throws Exception {
        assertThat(estimate("{\"prompt\":\"abcdefgh\",\"max_tokens\":5}").tokens())
                .isEqualTo(7);
    }

    private static TokenEstimate estimate(String body) throws JsonException {
        JsonScanner scanner = new JsonScanner(64, 1000);
        ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        scanner.feed(bytes);
        scanner.end();
        bytes.release();
        return TokenEstimate.of(scanner);
    }
}
