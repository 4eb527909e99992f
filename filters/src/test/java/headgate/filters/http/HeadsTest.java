package headgate.filters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of both directions: what has one meaning is read, what could have two is refused. */
final class HeadsTest {
    private static final String HOST = "host: a\r\n";

    @Test
    void aRequestIsReadAsItCame() throws FramingException {
        RequestHead head = request(
                "POST /a%2Fb?c=d?e HTTP/1.1\r\nHost:a\r\nX-Y: \t two  words \t\r\nempty:\r\nCONTENT-LENGTH: 007\r\n\r\n");
        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.path()).isEqualTo("/a%2Fb");
        assertThat(head.query()).isEqualTo("c=d?e");
        assertThat(head.contentLength()).isEqualTo(7);
        assertThat(head.hasBody()).isTrue();
        assertThat(head.fields().nameText(1)).isEqualTo("x-y");
        assertThat(head.fields().valueText(1)).isEqualTo("two  words");
        assertThat(head.fields().valueText(2)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /,",
        "/?, /, ''",
        "http://other/a?b, /a, b",
        "HTTPS://other, /,",
        "http://other?q, /, q",
    })
    void aTargetsAuthorityChoosesNothing(String target, String path, String query) throws FramingException {
        RequestHead head = request("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(head.path()).isEqualTo(path);
        assertThat(head.query()).isEqualTo(query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1",
                " GET / HTTP/1.1",
                "GET /",
                "GET",
                "",
                "GET\t/ HTTP/1.1",
                "G(T / HTTP/1.1",
                "GET /a b HTTP/1.1",
                "GET /\u007f HTTP/1.1",
                "GET /\u00e4 HTTP/1.1",
                "GET /#f HTTP/1.1",
                "GET a HTTP/1.1",
                "GET * HTTP/1.1",
                "GET ftp://a/ HTTP/1.1",
                "GET / http/1.1",
                "GET / HTP/1.1",
                "GET /\r HTTP/1.1",
                "GET /\u0000 HTTP/1.1",
                "CONNECT a:1 HTTP/1.1"
            })
    void aFirstLineThatIsNotWellFormedIsRefused(String line) {
        refused(400, line + "\r\n" + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/1.10", "HTTP/1.1 ", "HTTP/ 1.1"})
    void anotherVersionIsNotSpoken(String version) {
        refused(505, "GET / " + version + "\r\n" + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b: c",
                "a : c",
                " a: c",
                "\ta: c",
                ": c",
                "a",
                "a\u0000: c",
                "a: b\u0000c",
                "a: b\rc",
                "a: b\u0001",
                "a: b\u007f",
                "a: b\r\n c",
                "a: b\r\n\tc",
                "\u00e4: b",
                "a(: b",
                "a\r: b",
                "a@b: c",
                "\"a\": b",
                "a: b\r\r\nc: d"
            })
    void aFieldThatTwoReadersCouldReadDifferentlyIsRefused(String field) {
        refused(400, "GET / HTTP/1.1\r\n" + HOST + field + "\r\n\r\n");
        refusedAnswer("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 1\r\ncontent-length: 1",
                "content-length: 1, 1",
                "content-length: +1",
                "content-length: -1",
                "content-length: 0x1",
                "content-length: 1 2",
                "content-length: 1.0",
                "content-length:",
                "content-length: 1234567890123456789",
                "content-length: \u0661",
                "transfer-encoding: chunked\r\ncontent-length: 1",
                "content-length: 1\r\ntransfer-encoding: chunked",
                "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
                "transfer-encoding: gzip, chunked",
                "transfer-encoding: chunked, identity",
                "transfer-encoding: identity",
                "transfer-encoding: \"chunked\"",
                "transfer-encoding: chunked;q=1",
                "transfer-encoding:\u000bchunked",
                "transfer-encoding: xchunked",
                "transfer-encoding:",
            })
    void framingThatIsNotCertainIsRefused(String fields) {
        refused(400, "POST / HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n");
        refusedAnswer("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n");
    }

    @Test
    void aChunkedRequestOfOldHttpIsRefused() {
        refused(400, "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    @Test
    void exactlyOneHostIsExpectedExceptOfOldHttp() throws FramingException {
        refused(400, "GET / HTTP/1.1\r\n\r\n");
        refused(400, "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n");
        refused(400, "GET / HTTP/1.0\r\n" + HOST + HOST + "\r\n");
        assertThat(request("GET / HTTP/1.0\r\n\r\n").keepAlive()).isFalse();
    }

    @Test
    void theCountOfFieldsHasItsBound() throws FramingException {
        String three = "GET / HTTP/1.1\r\n" + HOST + "a: 1\r\nb: 2\r\n\r\n";
        assertThat(RequestHead.parse(bytes(three), 3).fields().size()).isEqualTo(3);
        assertThatExceptionOfType(FramingException.class)
                .isThrownBy(() -> RequestHead.parse(bytes(three), 2))
                .satisfies(error -> assertThat(error.status()).isEqualTo(431));
    }

    @ParameterizedTest
    @CsvSource({
        "close, false",
        "Close, false",
        "'keep-alive, close', false",
        "'close ,x', false",
        "keep-alive, true",
        "closed, true",
        "'', true"
    })
    void aConnectionGoesOnUnlessTheSenderSaysClose(String value, boolean goesOn) throws FramingException {
        assertThat(request("GET / HTTP/1.1\r\n" + HOST + "connection: " + value + "\r\n\r\n")
                        .keepAlive())
                .isEqualTo(goesOn);
        assertThat(answer("HTTP/1.1 200 OK\r\nconnection: " + value + "\r\n\r\n")
                        .keepAlive())
                .isEqualTo(goesOn);
        assertThat(answer("HTTP/1.0 200 OK\r\nconnection: " + value + "\r\n\r\n")
                        .keepAlive())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.0 200 \u00e4"})
    void anAnswersReasonMayBeAnything(String line) throws FramingException {
        assertThat(answer(line + "\r\n\r\n").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 20",
                "HTTP/1.1 2000",
                "HTTP/1.1 099",
                "HTTP/1.1 600",
                "HTTP/1.1 2x0",
                "HTTP/1.1  200",
                "HTTP/2 200",
                "",
                "HTTP/1.1"
            })
    void anAnswersFirstLineThatIsNotWellFormedIsRefused(String line) {
        refusedAnswer(line + "\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "100, GET, true",
        "199, POST, true",
        "204, POST, true",
        "304, GET, true",
        "200, HEAD, true",
        "200, POST, false",
        "205, POST, false"
    })
    void someAnswersHaveNoBodyWhateverTheirFieldsSay(int status, String method, boolean bodiless)
            throws FramingException {
        AnswerHead head = answer("HTTP/1.1 " + status + " X\r\ncontent-length: 5\r\n\r\n");
        assertThat(head.isBodiless(method)).isEqualTo(bodiless);
    }

    @Test
    void aHeadNeverFailsButByRefusing() {
        Random random = new Random(7);
        String[] pieces = {
            "GET",
            " ",
            "/",
            "HTTP/1.1",
            "\r\n",
            "\r",
            "\n",
            ":",
            "host",
            "\t",
            "a",
            "\u0000",
            "\u00ff",
            "?",
            "#",
            "content-length",
            "5",
            "HTTP/1.1 200"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "GET / HTTP/1.1\r\nhost: a\r\n" : "");
            int count = random.nextInt(12);
            for (int k = 0; k < count; k++) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String head = foundHead(text.append("\r\n\r\n").toString());
            try {
                request(head);
                answer(head);
            } catch (FramingException e) {
                assertThat(e.getMessage()).endsWith(".");
            }
        }
    }

    /** What the finder would hand to the parser; a refused head becomes a well-formed one. */
    private static String foundHead(String text) {
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        try {
            int length = new HeadFinder(1000, 1000).find(in);
            return length < 0 ? "GET / HTTP/1.1\r\n\r\n" : text.substring(0, length);
        } catch (FramingException e) {
            return "GET / HTTP/1.1\r\n\r\n";
        } finally {
            in.release();
        }
    }

    private static RequestHead request(String head) throws FramingException {
        return RequestHead.parse(bytes(head), 100);
    }

    private static AnswerHead answer(String head) throws FramingException {
        return AnswerHead.parse(bytes(head), 100);
    }

    private static void refused(int status, String head) {
        assertThatExceptionOfType(FramingException.class)
                .isThrownBy(() -> request(head))
                .satisfies(error -> assertThat(error.status()).isEqualTo(status));
    }

    private static void refusedAnswer(String head) {
        assertThatExceptionOfType(FramingException.class).isThrownBy(() -> answer(head));
    }

    private static byte[] bytes(String head) {
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }
}
