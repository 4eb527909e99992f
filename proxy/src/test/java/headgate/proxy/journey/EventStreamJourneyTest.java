package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of events: at once, byte for byte, with the usage learned and only what the caller asked for. */
class EventStreamJourneyTest {
    private static final String STREAM = "{\"model\":\"gpt\",\"messages\":[],\"stream\":true}";
    private static final String FIRST = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    private static final String SECOND = "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void anEventLeavesBeforeTheNextOneComes() throws Exception {
        Semaphore seen = new Semaphore(0);
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            for (int i = 0; i < 5; i++) {
                call.chunk("data: " + i + "\n\n");
                seen.acquire();
            }
            call.endChunks();
        })) {
            pair.caller.chat(STREAM);
            assertThat(pair.caller.readHead()).contains("content-type: text/event-stream\r\n");
            for (int i = 0; i < 5; i++) {
                assertThat(pair.caller.readChunk()).isEqualTo("data: " + i + "\n\n");
                seen.release();
            }
            assertThat(pair.caller.readChunk()).isEmpty();
        }
    }

    @Test
    void aBurstOfEventsLeavesAsOne() throws Exception {
        String burst = "6\r\ndata: \r\n3\r\nx\n\n\r\n9\r\ndata: y\n\n\r\n";
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            Thread.sleep(20);
            call.send(burst);
            call.in().read();
        })) {
            pair.caller.chat(STREAM);
            pair.caller.readHead();
            assertThat(pair.caller.readChunk())
                    .as("read together, written together")
                    .isEqualTo("data: x\n\ndata: y\n\n");
        }
    }

    @Test
    void everyByteOfAStreamPassesWhenTheCallerAskedForTheUsageItself() throws Exception {
        String odd = ": comment\r\n\r\nevent: ping\r\nid: 1\r\ndata: {\"choices\":[]}\r\n\r\n" + FIRST + USAGE + DONE;
        String asked =
                "{\"model\":\"gpt\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[]}";
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            for (int i = 0; i < odd.length(); i++) {
                call.chunk(odd.substring(i, i + 1));
            }
            call.endChunks();
        })) {
            assertThat(pair.caller.chat(asked).read().body()).isEqualTo(odd);
            assertThat(pair.upstream.next().body()).isEqualTo(asked.replace("gpt", "upstream-model"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'stream':true,'messages':[] | 'stream':true,'messages':[],'stream_options':{'include_usage':true}",
                "'stream':true,'stream_options':{} | 'stream':true,'stream_options':{'include_usage':true}",
                "'stream_options':{},'stream':true | 'stream_options':{'include_usage':true},'stream':true",
                "'stream':true,'stream_options':{ } | 'stream':true,'stream_options':{'include_usage':true }",
                "'stream':true,'stream_options':null | 'stream':true,'stream_options':{'include_usage':true}",
                "'stream_options':null,'stream':true | 'stream_options':{'include_usage':true},'stream':true",
                "'stream':true,'stream_options':{'include_usage':false} | 'stream':true,'stream_options':{'include_usage':true}",
                "'stream':true,'stream_options':{'include_usage':null} | 'stream':true,'stream_options':{'include_usage':true}",
                "'stream':true,'stream_options':{'x':{'y':[1]}} | 'stream':true,'stream_options':{'include_usage':true,'x':{'y':[1]}}",
                "'stream':true,'stream_options':{'x':1,'include_usage':false,'z':2} | 'stream':true,'stream_options':{'x':1,'include_usage':true,'z':2}"
            })
    void theUsageIsAskedForWhereTheCallerDidNotAndItsEventTakenOut(String body, String expected) throws Exception {
        String sent = FIRST + SECOND + USAGE + DONE;
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            call.chunk(sent);
            call.endChunks();
        })) {
            String asked = "{\"model\":\"gpt\"," + body.strip().replace('\'', '"') + "}";
            assertThat(pair.caller.chat(asked).read().body()).isEqualTo(FIRST + SECOND + DONE);
            assertThat(pair.upstream.next().body())
                    .isEqualTo(
                            "{\"model\":\"upstream-model\"," + expected.strip().replace('\'', '"') + "}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'stream':true,'stream_options':{'include_usage':true}",
                "'stream_options':{'include_usage':true,'x':1},'stream':true",
                "'stream':false",
                "'stream':false,'stream_options':{}",
                "'stream':false,'stream_options':null",
                "'messages':[]"
            })
    void aBodyThatNeedsNoQuestionIsLeftAlone(String body) throws Exception {
        try (Pair pair = new Pair((request, call) -> call.json(200, "{\"usage\":{\"prompt_tokens\":1}}"))) {
            String asked = "{\"model\":\"gpt\"," + body.replace('\'', '"') + "}";
            assertThat(pair.caller.chat(asked).read().body()).isEqualTo("{\"usage\":{\"prompt_tokens\":1}}");
            assertThat(pair.upstream.next().body()).isEqualTo(asked.replace("gpt", "upstream-model"));
        }
    }

    @Test
    void theUsageEventIsTakenOutWhereverTheStreamIsSplit() throws Exception {
        String sent = FIRST + USAGE + DONE;
        try (Pair pair = new Pair((request, call) -> {
            int split = Integer.parseInt(request.field("x-split"));
            call.beginEvents();
            call.chunk(sent.substring(0, split));
            Thread.sleep(1);
            call.chunk(sent.substring(split));
            call.endChunks();
        })) {
            for (int split = 1; split < sent.length(); split++) {
                assertThat(pair.caller.chat(STREAM, "x-split: " + split).read().body())
                        .as("split at " + split)
                        .isEqualTo(FIRST + DONE);
            }
        }
    }

    @Test
    void aRefusalOfAStreamPassesAsItIs() throws Exception {
        String error = "{\"error\":{\"message\":\"no\",\"usage\":{\"prompt_tokens\":1}}}";
        try (Pair pair = new Pair((request, call) -> call.json(400, error))) {
            RawCaller.Answer answer = pair.caller.chat(STREAM).read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(error);
            assertThat(answer.field("content-length")).isEqualTo(String.valueOf(error.length()));
        }
    }
}
