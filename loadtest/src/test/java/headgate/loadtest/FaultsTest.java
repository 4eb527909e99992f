package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import headgate.loadtest.provider.Counters.Count;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest extends ProviderTest {
    private static final String WHOLE = "{\"model\":\"m\"}";
    private static final String STREAM = "{\"model\":\"m\",\"stream\":true}";

    private static String at(String fault) {
        return "/fault/" + fault + CHAT;
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 500, 502, 504})
    void aStatusIsAnErrorAnswer(int status) throws Exception {
        HttpResponse<byte[]> answer = post(at("" + status), STREAM);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).at("/error/message").asText()).contains("" + status);
        assertThat(answer.headers().firstValue("retry-after")).isEmpty();
        assertThat(provider.counters().answers(status)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"429:7", "503:7"})
    void whoMayComeBackIsToldWhen(String fault) throws Exception {
        HttpResponse<byte[]> answer = post(CHAT, STREAM, "x-simulated-fault", fault);

        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(fault.substring(0, 3)));
        assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
        assertThat(answer.headers().firstValue("retry-after-ms")).hasValue("7000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bogus", "slow", "reset:1", "429:x", "none:1", "status", "once-bogus", "stall-after:1234567"})
    void anUnknownFaultIsSaidToBeOne(String fault) throws Exception {
        HttpResponse<byte[]> answer = post(at(fault), WHOLE);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/code").asText()).isEqualTo("no_such_fault");
    }

    @Test
    void aScriptFailsTheFirstCallsAndThenNoMore() throws Exception {
        assertThat(post(at("times-503:2:a"), WHOLE).statusCode()).isEqualTo(503);
        assertThat(post(at("times-503:2:a"), WHOLE).statusCode()).isEqualTo(503);
        assertThat(post(at("times-503:2:a"), WHOLE).statusCode()).isEqualTo(200);
        assertThat(post(at("times-503:2:b"), WHOLE).statusCode()).isEqualTo(503);
        assertThat(post(at("once-429:a"), WHOLE).statusCode()).isEqualTo(429);
        assertThat(post(at("once-429:a"), WHOLE).statusCode()).isEqualTo(200);
    }

    @Test
    void aResetIsNotAnAnswer() throws Exception {
        try (Socket socket = raw(rawPost(at("reset"), WHOLE))) {
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(count(Count.CANCELLED)).isZero();
    }

    @Test
    void aStreamIsResetAfterItsEvents() throws Exception {
        try (Socket socket = raw(rawPost(at("reset-after:2"), STREAM))) {
            StringBuilder seen = new StringBuilder();
            assertThatThrownBy(() -> {
                        for (int b; (b = socket.getInputStream().read()) >= 0; ) {
                            seen.append((char) b);
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThat(seen.toString().split("data: ")).hasSize(1 + 2);
        }
        assertThat(count(Count.STREAMS_CUT)).isEqualTo(1);
        assertThat(count(Count.EVENTS_WRITTEN)).isEqualTo(2);
        assertThat(count(Count.COMPLETION_TOKENS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAM, WHOLE})
    void aConnectionClosesBeforeTheMessageEnds(String body) throws Exception {
        try (Socket socket = raw(rawPost(at("close-after:2"), body))) {
            String seen = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(seen)
                    .startsWith("HTTP/1.1 200 OK")
                    .doesNotContain("[DONE]", "usage")
                    .doesNotEndWith("0\r\n\r\n");
        }
        assertThatThrownBy(() -> post(at("close-after:2"), body)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall", "stall-after:0", "stall-after:3"})
    void aStallLastsUntilTheCallerLeaves(String fault) throws Exception {
        try (Socket socket = raw(rawPost(at(fault), STREAM))) {
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketTimeoutException.class);
        }
        await().until(() -> count(Count.CANCELLED) == 1);
        assertThat(count(Count.STREAMS_CANCELLED)).isEqualTo(fault.equals("stall") ? 0 : 1);
        assertThat(count(Count.STREAMS_CUT)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAM, WHOLE})
    void aSlowAnswerIsTheSameByteByByte(String body) throws Exception {
        String expected = text(post(CHAT, body)).replaceAll("\"id\":\"[^\"]*\"|\"created\":[0-9]*", "");
        HttpResponse<byte[]> slow = post(at("slow:1"), body);

        assertThat(text(slow).replaceAll("\"id\":\"[^\"]*\"|\"created\":[0-9]*", ""))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAM, WHOLE})
    void aCloseDelimitedAnswerEndsWithItsConnection(String body) throws Exception {
        try (Socket socket = raw(rawPost(at("close-delimited"), body))) {
            String seen = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(seen).startsWith("HTTP/1.0 200 OK");
            assertThat(seen).doesNotContain("content-length").doesNotContain("transfer-encoding");
            assertThat(seen).endsWith(body.equals(STREAM) ? "data: [DONE]\n\n" : "}}}");
        }
    }

    @Test
    void anAnswerCanBeCompressed() throws Exception {
        HttpResponse<byte[]> answer = post(at("gzip"), WHOLE);

        assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
        assertThat(json(new String(plain, StandardCharsets.UTF_8)).at("/model").asText())
                .isEqualTo("m");
    }

    @Test
    void anAnswerCanKeepItsUsage() throws Exception {
        String usageWanted = "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}";

        assertThat(text(post(at("no-usage"), WHOLE))).doesNotContain("usage");
        assertThat(text(post(at("no-usage"), usageWanted)))
                .doesNotContain("usage")
                .endsWith("[DONE]\n\n");
    }
}
