package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that two readers could understand differently ends its connection, and nothing of it reaches an upstream. */
class AmbiguousFramingJourneyTest {
    private static final String LINE = "POST /openai/v1/chat/completions HTTP/1.1\r\n";
    private static final String HOST = "host: gateway\r\n";
    private static final String KEY = "api-key: " + TestGateway.KEY + "\r\n";
    private static final String BODY = "{\"model\":\"gpt\",\"messages\":[]}";
    private static final String LENGTH = "content-length: " + BODY.length() + "\r\n";
    private static final String CHUNKED = "transfer-encoding: chunked\r\n";
    private static final String CHUNKS = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String SMUGGLED = RawCaller.chatRequest("{\"model\":\"gpt\",\"smuggled\":true}");

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
        gateway = TestGateway.inFrontOf(upstream, "transport: { eventLoops: 1 }");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void forgetWhatCameBefore() throws InterruptedException {
        while (upstream.waiting() > 0) {
            upstream.next();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lines", "hosts", "lengths", "encodings", "fields", "chunks"})
    void endsTheConnectionAndReachesNoUpstream(String what, int status, String request) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(request + SMUGGLED);
            RawCaller.Answer answer = caller.read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.field("x-ms-error-code")).isNotEmpty();
            assertThat(answer.field("x-request-id")).isNotEmpty();
            assertThat(caller.restUntilClose())
                    .as("nothing is answered behind it")
                    .isEmpty();
        }
        assertThatOnlyThisReachesTheUpstream("{\"model\":\"gpt\",\"n\":1}");
    }

    @Test
    void aBadChunkBehindWhatWasStreamedLeavesTheUpstreamWithAnIncompleteMessage() throws Exception {
        String start = "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(1 << 21);
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(LINE + HOST + KEY + CHUNKED + "\r\n" + Integer.toHexString(start.length()) + "\r\n" + start);
            caller.send("\r\n-1\r\n" + SMUGGLED);
            assertThat(caller.read().status()).isEqualTo(400);
            assertThat(caller.restUntilClose()).isEmpty();
        }
        assertThatOnlyThisReachesTheUpstream("{\"model\":\"gpt\",\"n\":2}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusual")
    void whatIsOnlyUnusualPasses(String what, String request) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(request + RawCaller.chatRequest("{\"model\":\"gpt\",\"n\":3}"));
            assertThat(caller.read().status()).isEqualTo(200);
            assertThat(caller.read().status()).isEqualTo(200);
        }
        assertThat(upstream.next().body()).isEqualTo("{\"model\":\"upstream-model\",\"messages\":[]}");
        assertThat(upstream.next().body()).isEqualTo("{\"model\":\"upstream-model\",\"n\":3}");
    }

    static Stream<Arguments> lines() {
        String rest = HOST + KEY + LENGTH + "\r\n" + BODY;
        return Stream.of(
                refused("an unknown version", 505, "POST /x HTTP/2.0\r\n" + rest),
                refused("a version with more digits", 505, "POST /x HTTP/1.10\r\n" + rest),
                refused("no version", 400, "POST /x\r\n" + rest),
                refused("two spaces", 400, "POST  /x HTTP/1.1\r\n" + rest),
                refused("a tab for a space", 400, "POST\t/x HTTP/1.1\r\n" + rest),
                refused("a space in the target", 400, "POST /x y HTTP/1.1\r\n" + rest),
                refused("a space behind the version", 505, "POST /x HTTP/1.1 \r\n" + rest),
                refused("a method that is no token", 400, "PO(ST /x HTTP/1.1\r\n" + rest),
                refused("no method", 400, " /x HTTP/1.1\r\n" + rest),
                refused("an empty line in front", 400, "\r\n" + LINE + rest),
                refused("a target that is no path", 400, "POST x HTTP/1.1\r\n" + rest),
                refused("a URL without a host", 400, "POST http:///openai/v1/chat/completions HTTP/1.1\r\n" + rest),
                refused("an authority for a target", 400, "CONNECT host:443 HTTP/1.1\r\n" + rest),
                refused("a raw UTF-8 byte in the target", 400, "POST /\u00c3\u00a9 HTTP/1.1\r\n" + rest),
                refused("a fragment in the target", 400, "POST /x#y HTTP/1.1\r\n" + rest),
                refused("a bare LF behind the line", 400, "POST /x HTTP/1.1\n" + rest),
                refused("a bare CR behind the line", 400, "POST /x HTTP/1.1\r" + rest),
                refused("a NUL in the target", 400, "POST /x\0 HTTP/1.1\r\n" + rest),
                refused("something that is not HTTP", 400, "\u0016\u0003\u0001\u0002\r\n\r\n"));
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                refused("no Host", 400, LINE + KEY + LENGTH + "\r\n" + BODY),
                refused("two Hosts", 400, LINE + HOST + HOST + KEY + LENGTH + "\r\n" + BODY));
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                head("a signed Content-Length", "content-length: +" + BODY.length()),
                head("a negative Content-Length", "content-length: -1"),
                head("an empty Content-Length", "content-length:"),
                head("a hexadecimal Content-Length", "content-length: 0x1e"),
                head("a Content-Length with a fraction", "content-length: 30.0"),
                head("a Content-Length with a space in it", "content-length: 3 0"),
                head("a list of equal lengths", "content-length: 30, 30"),
                head("a list of lengths", "content-length: 30, 5"),
                head("an overflowing Content-Length", "content-length: 18446744073709551646"),
                head("two equal Content-Lengths", LENGTH + "content-length: " + BODY.length()),
                head("two conflicting Content-Lengths", LENGTH + "Content-Length: 5"));
    }

    static Stream<Arguments> encodings() {
        return Stream.of(
                refused("a length and chunks", 400, LINE + HOST + KEY + LENGTH + CHUNKED + "\r\n" + CHUNKS),
                refused("chunks and a length", 400, LINE + HOST + KEY + CHUNKED + LENGTH + "\r\n" + CHUNKS),
                refused("chunks of HTTP/1.0", 400, LINE.replace("1.1", "1.0") + HOST + KEY + CHUNKED + "\r\n" + CHUNKS),
                chunked("an unknown encoding", "transfer-encoding: xchunked"),
                chunked("an encoding in front of chunked", "transfer-encoding: gzip, chunked"),
                chunked("an encoding behind chunked", "transfer-encoding: chunked, identity"),
                chunked("identity", "transfer-encoding: identity"),
                chunked("an empty encoding", "transfer-encoding:"),
                chunked("chunked twice", "transfer-encoding: chunked\r\ntransfer-encoding: chunked"),
                chunked("chunked, then identity", "transfer-encoding: chunked\r\ntransfer-encoding: identity"),
                chunked("a quoted encoding", "transfer-encoding: \"chunked\""),
                chunked("an encoding with a parameter", "transfer-encoding: chunked;q=1"),
                chunked("a vertical tab in front of it", "transfer-encoding: \u000bchunked"),
                chunked("a NUL behind it", "transfer-encoding: chunked\0"),
                chunked("a no-break space behind it", "transfer-encoding: chunked\u00a0"),
                chunked("a space before the colon", "transfer-encoding : chunked"),
                chunked("a tab before the colon", "transfer-encoding\t: chunked"),
                chunked("a folded encoding", "transfer-encoding:\r\n chunked"),
                chunked("an encoding behind a bare CR", "x-a: b\rtransfer-encoding: chunked"),
                chunked("an encoding behind a bare LF", "x-a: b\ntransfer-encoding: chunked"));
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                head("a folded field", LENGTH + "x-a: b\r\n c"),
                head("a first field that is folded", " x-a: b\r\n" + LENGTH.strip()),
                head("a space in a name", LENGTH + "x a: b"),
                head("a name that is empty", LENGTH + ": b"),
                head("a line without a colon", LENGTH + "x-a"),
                head("a byte above 127 in a name", LENGTH + "x-\u00e9: b"),
                head("a NUL in a value", LENGTH + "x-a: b\0c"),
                head("a control character in a value", LENGTH + "x-a: b\u0001c"),
                head("a delete character in a value", LENGTH + "x-a: b\u007fc"),
                head("a bare CR in a value", LENGTH + "x-a: b\rc"),
                head("a bare CR at the end of a line", LENGTH + "x-a: b\r"),
                head("a bare LF at the end of a line", LENGTH + "x-a: b\nx-c: d"),
                refused("a bare LF for the empty line", 400, LINE + HOST + KEY + LENGTH + "\n" + BODY),
                refused("a bare CR for the empty line", 400, LINE + HOST + KEY + LENGTH + "\r" + BODY));
    }

    static Stream<Arguments> chunks() {
        String size = Integer.toHexString(BODY.length());
        String rest = "\r\n" + BODY + "\r\n0\r\n\r\n";
        return Stream.of(
                body("an empty chunk size", rest),
                body("a chunk size that is not hexadecimal", "g" + rest),
                body("a chunk size with a prefix", "0x" + size + rest),
                body("a signed chunk size", "+" + size + rest),
                body("a negative chunk size", "-" + size + rest),
                body("a space in front of a chunk size", " " + size + rest),
                body("a space behind a chunk size", size + " " + rest),
                body("an overflowing chunk size", "1000000000000001e" + rest),
                body("a chunk size with many zeros", "0".repeat(20) + size + rest),
                body("a chunk size that ends in a bare LF", size + "\n" + BODY + "\r\n0\r\n\r\n"),
                body("a chunk size that ends in a bare CR", size + "\r" + BODY + "\r\n0\r\n\r\n"),
                body("a bare LF in a chunk extension", size + ";a\n" + rest),
                body("a bare CR in a chunk extension", size + ";a\rb" + rest),
                body("a NUL in a chunk extension", size + ";a\0" + rest),
                body("a long chunk extension", size + ";" + "a".repeat(17_000) + rest),
                body("a chunk that is longer than its size", "5" + rest),
                body("a chunk that ends in a bare LF", size + "\r\n" + BODY + "\n0\r\n\r\n"),
                body("a chunk without an end", size + "\r\n" + BODY + "0\r\n\r\n"),
                body("a trailer that is folded", size + "\r\n" + BODY + "\r\n0\r\n a: b\r\n\r\n"),
                body("a trailer without a colon", size + "\r\n" + BODY + "\r\n0\r\na\r\n\r\n"),
                body("a bare LF behind a trailer", size + "\r\n" + BODY + "\r\n0\r\na: b\n\r\n"),
                body("a bare LF for the last line", size + "\r\n" + BODY + "\r\n0\r\n\n"),
                body("long trailers", size + "\r\n" + BODY + "\r\n0\r\na: " + "b".repeat(17_000) + "\r\n\r\n"));
    }

    static Stream<Arguments> unusual() {
        String size = Integer.toHexString(BODY.length()).toUpperCase(java.util.Locale.ROOT);
        return Stream.of(
                passes("a URL for a target", LINE.replace(" /", " http://else.where/") + HOST + KEY + LENGTH, BODY),
                passes("an encoding in capitals", LINE + HOST + KEY + "TRANSFER-ENCODING:\tChunked \r\n", CHUNKS),
                passes("a length with zeros", LINE + HOST + KEY + "content-length: 000" + BODY.length() + "\r\n", BODY),
                passes("an empty value", LINE + HOST + KEY + "x-a:\r\n" + LENGTH, BODY),
                passes("a value above 127", LINE + HOST + KEY + "x-a: \u00e9\r\n" + LENGTH, BODY),
                passes(
                        "zeros, an extension and trailers",
                        LINE + HOST + KEY + CHUNKED,
                        "000" + size + ";a=\"b\"\r\n" + BODY + "\r\n00;x\r\nContent-Length: 5\r\nb:\r\n\r\n"));
    }

    private static Arguments refused(String what, int status, String request) {
        return Arguments.of(what, status, request);
    }

    private static Arguments head(String what, String fields) {
        return refused(what, 400, LINE + HOST + KEY + fields + "\r\n\r\n" + BODY);
    }

    private static Arguments chunked(String what, String fields) {
        return refused(what, 400, LINE + HOST + KEY + fields + "\r\n\r\n" + CHUNKS);
    }

    private static Arguments body(String what, String chunks) {
        return refused(what, 400, LINE + HOST + KEY + CHUNKED + "\r\n" + chunks);
    }

    private static Arguments passes(String what, String head, String body) {
        return Arguments.of(what, head + "\r\n" + body);
    }

    /** All goes over one loop, so whatever was forwarded before would be seen first. */
    private static void assertThatOnlyThisReachesTheUpstream(String body) throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(body).read().status()).isEqualTo(200);
        }
        assertThat(upstream.next().body()).isEqualTo(body.replace("gpt", "upstream-model"));
        assertThat(upstream.waiting()).isZero();
    }
}
