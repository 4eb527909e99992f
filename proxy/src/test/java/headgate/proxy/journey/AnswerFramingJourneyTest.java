package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** However an upstream frames its answer, the caller gets the same bytes, and sees where they end. */
class AnswerFramingJourneyTest {
    private static final String BODY = "{\"model\":\"gpt\",\"messages\":[]}";

    @Test
    void interimAnswersAreRelayedButContinueIsTheGatewaysOwn() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.send(String.join(
                "",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")))) {
            pair.caller.chat(BODY);
            assertThat(pair.caller.readHead()).startsWith("HTTP/1.1 102 ");
            assertThat(pair.caller.readHead()).startsWith("HTTP/1.1 103 ").contains("link: </a>\r\n");
            assertThat(pair.caller.read().body()).isEqualTo("ok");
            assertThat(pair.caller.chat(BODY).readHead())
                    .as("the connection is still in step")
                    .startsWith("HTTP/1.1 102 ");
        }
    }

    @Test
    void switchingProtocolsIsRefused() throws Exception {
        try (Pair pair = new Pair((request, call) ->
                call.send("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"))) {
            RawCaller.Answer answer = pair.caller.chat(BODY).read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.field("x-ms-error-code")).isEqualTo("BadGateway");
        }
    }

    @Test
    void answersWithoutABodyEndWithTheirHead() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.send(
                request.field("x-status").equals("204")
                        ? "HTTP/1.1 204 No Content\r\n\r\n"
                        : "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\ncontent-length: 40\r\n\r\n"))) {
            RawCaller.Answer none = pair.caller.chat(BODY, "x-status: 204").read();
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.head())
                    .as("RFC 9110, section 8.6")
                    .doesNotContainIgnoringCase("content-length")
                    .doesNotContainIgnoringCase("transfer-encoding");
            String unchanged = pair.caller.chat(BODY, "x-status: 304").readHead();
            assertThat(unchanged).startsWith("HTTP/1.1 304 ").contains("etag: \"a\"");
            assertThat(pair.caller.chat(BODY, "x-status: 204").read().status()).isEqualTo(204);
            assertThat(pair.upstream.connections())
                    .as("bodiless answers leave the upstream's connection in step")
                    .isEqualTo(1);
        }
    }

    @Test
    void anOldUpstreamsAnswerEndsWithItsConnection() throws Exception {
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nold but whole");
            call.socket().close();
        })) {
            RawCaller.Answer first = pair.caller.chat(BODY).read();
            assertThat(first.body()).isEqualTo("old but whole");
            assertThat(first.field("transfer-encoding")).isEqualTo("chunked");
            assertThat(pair.caller.chat(BODY).read().body())
                    .as("the caller's connection goes on")
                    .isEqualTo("old but whole");
        }
    }

    @Test
    void anOldUpstreamWithALengthIsNotUsedTwice() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.send("HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nwhole"))) {
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo("whole");
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo("whole");
            assertThat(pair.upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerEndedByTheConnectionIsRelayedWhole() throws Exception {
        String body = "x".repeat(100_000);
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\n\r\n" + body);
            call.socket().close();
        })) {
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo(body);
        }
    }

    @Test
    void aCompressedAnswerPassesAsItCame() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write("{\"usage\":{\"prompt_tokens\":1}}".getBytes(StandardCharsets.UTF_8));
        }
        try (Pair pair = new Pair((request, call) -> {
            call.send("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: " + zipped.size() + "\r\n\r\n");
            call.out().write(zipped.toByteArray());
            call.out().flush();
        })) {
            pair.caller.chat(BODY, "accept-encoding: gzip");
            String head = pair.caller.readHead();
            assertThat(head).contains("content-encoding: gzip\r\n");
            byte[] body = pair.caller.readBytes(zipped.size());
            assertThat(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("{\"usage\":{\"prompt_tokens\":1}}");
        }
    }

    @Test
    void chunksOfAnySizeBecomeTheSameBody() throws Exception {
        StringBuilder sent = new StringBuilder("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        StringBuilder body = new StringBuilder();
        int[] sizes = {1, 1, 2, 3, 15, 16, 17, 255, 256, 4096, 65_535, 65_536, 300_000, 1, 1_500_000, 1};
        for (int i = 0; i < sizes.length; i++) {
            String payload = String.valueOf((char) ('a' + i)).repeat(sizes[i]);
            body.append(payload);
            sent.append(Integer.toHexString(sizes[i]))
                    .append(i % 2 == 0 ? ";ext=\"a\"" : "")
                    .append("\r\n");
            sent.append(payload).append("\r\n");
        }
        sent.append("0\r\nx-trailer: dropped\r\n\r\n");
        try (Pair pair = new Pair((request, call) -> call.send(sent.toString()))) {
            assertThat(pair.caller.chat(BODY).read().body()).isEqualTo(body.toString());
            assertThat(pair.caller.chat(BODY).read().body()).hasSize(body.length());
            assertThat(pair.upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerSplitAtEveryByteIsTheSameAnswer() throws Exception {
        String wire = String.join(
                "",
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: application/json\r\n",
                "transfer-encoding: chunked\r\n\r\n5;a=b\r\n{\"a\":\r\n2\r\n1}\r\n0\r\nx: y\r\n\r\n");
        try (Pair pair = new Pair((request, call) -> {
            int split = Integer.parseInt(request.field("x-split"));
            call.send(wire.substring(0, split));
            Thread.sleep(2);
            call.send(wire.substring(split));
        })) {
            for (int split = 1; split < wire.length(); split++) {
                pair.caller.chat(BODY, "x-split: " + split);
                assertThat(pair.caller.readHead()).as("split at " + split).startsWith("HTTP/1.1 102 ");
                assertThat(pair.caller.read().body()).as("split at " + split).isEqualTo("{\"a\":1}");
            }
            assertThat(pair.upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerThatIsNotWellFormedIsABadGateway() throws Exception {
        String[] wrong = {
            "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.1 99 Odd\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nbad name: 2\r\n\r\n",
            "HTTP/1.1 200 OK\ncontent-length: 2\n\nok",
            "garbage\r\n\r\n"
        };
        for (String answer : wrong) {
            try (Pair pair = new Pair((request, call) -> call.send(answer))) {
                assertThat(pair.caller.chat(BODY).read().status()).as(answer).isEqualTo(502);
            }
        }
    }

    @Test
    void aWrongChunkSizeCutsTheAnswer() throws Exception {
        try (Pair pair = new Pair((request, call) ->
                call.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n"))) {
            pair.caller.chat(BODY);
            assertThatThrownBy(pair.caller::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anOldCallerGetsTheBytesWithoutChunks() throws Exception {
        try (Pair pair = new Pair((request, call) ->
                call.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"))) {
            pair.caller.send(RawCaller.chatRequest(BODY).replace("HTTP/1.1", "HTTP/1.0"));
            RawCaller.Answer answer = pair.caller.read();
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.head()).doesNotContain("chunked").contains("connection: close");
        }
    }
}
