package headgate.filters.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Under each byte of a body stands how much was settled when it had been fed. */
class JsonScannerSettledTest {
    @Test
    void nothingIsSettledBeforeTheBody() throws JsonException {
        assertSettled(
                "  {}  ", //
                "003456");
    }

    @Test
    void aValueIsSettledAsItComesOnceItsNameIsKnown() throws JsonException {
        assertSettled(
                "{\"a\" :[1,2] }", //
                "111" + "456789ab" + "b" + "d");
    }

    @Test
    void aCommaWaitsForTheNameBehindIt() throws JsonException {
        assertSettled(
                "{\"a\":1 ,\"b\":22}", //
                "111" + "456" + "6" + "777" + "b" + "cdef");
    }

    @Test
    void theModelStaysBackUntilItIsComplete() throws JsonException {
        assertSettled(
                "{\"model\": \"xy\",\"a\":1}", //
                "1111111" + "89a" + "aaa" + "e" + "eee" + "ijkl");
    }

    @Test
    void streamOptionsStayBackUntilTheyAreComplete() throws JsonException {
        assertSettled(
                "{\"stream_options\":{} }", //
                "1111111111111111" + "hi" + "i" + "kk" + "m");
    }

    /** Offsets are written as digits of base 36. */
    private static void assertSettled(String body, String settled) throws JsonException {
        JsonScanner scanner = new JsonScanner(8, 8);
        byte[] bytes = body.getBytes(UTF_8);
        StringBuilder found = new StringBuilder();
        for (byte b : bytes) {
            scanner.feed(Unpooled.wrappedBuffer(new byte[] {b}));
            found.append(Long.toString(scanner.settled(), 36));
        }
        scanner.end();
        assertThat(found.toString()).isEqualTo(settled);
    }
}
