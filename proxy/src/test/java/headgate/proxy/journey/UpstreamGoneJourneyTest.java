package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that goes in the middle of its answer: the caller must see that the answer is not whole. */
class UpstreamGoneJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\",\"messages\":[]}";
    private static final String STREAM = "{\"model\":\"gpt\",\"messages\":[],\"stream\":true}";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    /** Opens when the caller has what came before the upstream goes. */
    private final CountDownLatch read = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChunkedAnswerStaysWithoutItsLastChunk(boolean reset) throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send(CHUNKED + "4\r\nhalf\r\n");
            gone(call, reset);
        })) {
            pair.caller.chat(BODY).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo("half");
            read.countDown();
            assertThatThrownBy(pair.caller::readChunk).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSizedAnswerStaysShort(boolean reset) throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
            gone(call, reset);
        })) {
            assertThat(pair.caller.chat(BODY).readHead()).contains("content-length: 10\r\n");
            assertThat(pair.caller.readBytes(4)).asString().isEqualTo("half");
            read.countDown();
            assertThat(pair.caller.restUntilClose()).isEmpty();
        }
    }

    @Test
    void anAnswerThatOnlyAConnectionEndsIsCutByAReset() throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\n\r\nhalf");
            read.await();
            call.reset();
        })) {
            pair.caller.chat(BODY).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo("half");
            read.countDown();
            assertThatThrownBy(pair.caller::readChunk).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anOldCallerSeesAReset() throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send(CHUNKED + "4\r\nhalf\r\n");
            read.await();
            call.reset();
        })) {
            pair.caller.send(RawCaller.chatRequest(BODY).replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(pair.caller.readHead()).startsWith("HTTP/1.1 200");
            assertThat(pair.caller.readBytes(4)).asString().isEqualTo("half");
            read.countDown();
            assertThatThrownBy(() -> pair.caller.readBytes(1))
                    .as("a clean end would look like a whole answer")
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aStreamSaysWhyBehindItsLastWholeEvent() throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            call.chunk("data: 1\n\n");
            read.await();
            call.reset();
        })) {
            pair.caller.chat(STREAM).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo("data: 1\n\n");
            read.countDown();
            assertThat(pair.caller.readChunk())
                    .startsWith("data: {\"error\":{\"code\":\"BadGateway\"")
                    .endsWith("}\n\n");
            assertThatThrownBy(pair.caller::readChunk).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: 1\n\ndata: 2", "data: 1\n\ndata: 2\n", "event: x\r\n", "data: 1\r\n\r\ndata: 2\r\n"})
    void aStreamThatStopsInsideAnEventGetsNoOther(String sent) throws Exception {
        String asked = "{\"model\":\"gpt\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
        try (Pair pair = new Pair((request, call) -> {
            call.beginEvents();
            call.chunk(sent);
            read.await();
            call.reset();
        })) {
            pair.caller.chat(asked).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo(sent);
            read.countDown();
            assertThatThrownBy(pair.caller::readChunk)
                    .as("an error event in there would be taken for a part of the open one")
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUpstreamThatGoesBeforeItAnswersIsABadGateway(boolean reset) throws Exception {
        read.countDown();
        try (Pair pair = new Pair((request, call) -> gone(call, reset))) {
            RawCaller.Answer answer = pair.caller.chat(STREAM).read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("content-type")).isEqualTo("application/json");
        }
    }

    @Test
    void anUpstreamThatGoesInsideItsHeadIsABadGateway() throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\ncontent-le");
            call.socket().close();
        })) {
            assertThat(pair.caller.chat(BODY).read().status()).isEqualTo(502);
        }
    }

    private void gone(ScriptedUpstream.Call call, boolean reset) throws IOException, InterruptedException {
        read.await();
        if (reset) {
            call.reset();
        } else {
            call.socket().close();
        }
    }
}
