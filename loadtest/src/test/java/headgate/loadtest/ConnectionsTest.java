package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.loadtest.SimulatedProvider.Options;
import headgate.loadtest.provider.Counters.Count;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsTest extends ProviderTest {
    private static final int BODY_BYTES_MAX = 64 << 20;
    private static final String ENDLESS = "{\"model\":\"m\",\"stream\":true,\"n\":128}";

    @Override
    Options options() {
        return super.options().withPace(Duration.ofMillis(1), Duration.ZERO, 1_000);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int request = 0; request < 20; request++) {
            requests.append(rawPost(
                    CHAT,
                    "{\"model\":\"m-" + request + "\",\"max_tokens\":2"
                            + (request % 2 == 0 ? "}" : ",\"stream\":true}")));
        }
        requests.append("GET /v1/models HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        try (Socket socket = raw(requests.toString())) {
            String seen = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            int from = 0;
            for (int request = 0; request < 20; request++) {
                from = seen.indexOf("m-" + request + " heard", from);
                assertThat(from)
                        .as("answer %d comes after the one before", request)
                        .isPositive();
            }
            assertThat(seen).endsWith("]}");
        }
        assertThat(count(Count.CONNECTIONS)).isEqualTo(1);
        assertThat(provider.counters().answers(200)).isEqualTo(21);
    }

    @Test
    void aCallerWhoDoesNotReadIsWaitedForWhileAnotherGetsAllOfALongStream() throws Exception {
        try (Socket socket = raw(rawPost(CHAT, ENDLESS))) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            await().until(() -> count(Count.EVENTS_WRITTEN) > 0);
            try (InputStream events = stream(CHAT, ENDLESS).body()) {
                assertThat(events.transferTo(OutputStream.nullOutputStream())).isGreaterThan(20_000_000);
            }
            await().until(() -> count(Count.STREAMS_COMPLETED) > 0);
            assertThat(count(Count.STREAMS_COMPLETED)).isEqualTo(1);
            assertThat(count(Count.COMPLETION_TOKENS)).isBetween(128_000L, 2 * 128_000L - 1);
        }
        await().until(() -> count(Count.STREAMS_CANCELLED) == 1);
        assertThat(count(Count.CANCELLED)).isEqualTo(1);
        assertThat(count(Count.STREAMS_COMPLETED)).isEqualTo(1);
    }

    @Test
    void aCallerWhoLeavesDuringItsUploadIsCounted() throws Exception {
        raw("POST " + CHAT + " HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\n{")
                .close();

        await().until(() -> count(Count.CANCELLED) == 1);
        assertThat(count(Count.REQUESTS)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"-1,200", "0,200", "1,413"})
    void aBodyOfMoreThan64MebibytesIsRefused(int beyond, int status) throws Exception {
        byte[] start = "{\"messages\":[{\"role\":\"user\",\"content\":\"".getBytes(StandardCharsets.US_ASCII);
        byte[] end = "\"}],\"max_tokens\":1,\"model\":\"last\"}".getBytes(StandardCharsets.US_ASCII);
        int length = BODY_BYTES_MAX + beyond;
        byte[] filling = new byte[length - start.length - end.length];
        Arrays.fill(filling, (byte) 'x');
        try (Socket socket = raw("POST " + CHAT + " HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: "
                + length + "\r\n\r\n")) {
            socket.getOutputStream().write(start);
            socket.getOutputStream().write(filling);
            socket.getOutputStream().write(end);
            String seen = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(seen).startsWith("HTTP/1.1 " + status);
            if (status == 200) {
                assertThat(seen).contains("\"model\":\"last\"", "\"prompt_tokens\":" + (filling.length + 3) / 4);
            }
        }
    }

    @Test
    void whoExpectsToContinueIsToldTo() throws Exception {
        try (Socket socket = raw(
                "POST " + CHAT
                        + " HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: 2\r\n\r\n")) {
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue".length());
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100 Continue");
            socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONSENSE", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nnot hexadecimal"})
    void whatIsNotHttpIsRefusedAndTheConnectionEnds(String bytes) throws Exception {
        try (Socket socket = raw(bytes + "\r\n\r\n")) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.")
                    .contains(" 400 Bad Request", "The request is not HTTP.");
        }
    }

    @Test
    void lookingAtTheCountersDoesNotChangeThem() throws Exception {
        post(CHAT, "{\"max_tokens\":1}");
        get("/simulated/counters");
        var counters = json(get("/simulated/counters"));

        assertThat(counters.at("/requests").asInt()).isEqualTo(1);
        assertThat(counters.at("/answers/200").asInt()).isEqualTo(1);
        assertThat(counters.at("/completion_tokens").asInt()).isEqualTo(1);
        assertThat(counters.at("/bytes_in").asInt()).isPositive();
    }
}
