package headgate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an upstream asks to be left alone, in milliseconds; 777 where it does not say. */
final class RetryAfterTest {
    @ParameterizedTest
    @CsvSource({
        "retry-after: 2, 2000",
        "retry-after: 0, 0",
        "retry-after-ms: 1500, 1500",
        "'retry-after: 2\r\nretry-after-ms: 300', 300",
        "'retry-after: 2\r\nretry-after-ms: soon', 2000",
        "retry-after: 120, 120000",
        "retry-after: 121, 120000",
        "retry-after: 999999999, 120000",
        "retry-after: 99999999999999999999, 120000",
        "retry-after-ms: 120001, 120000",
        "x: y, 777",
        "retry-after:, 777",
        "retry-after: -1, 777",
        "retry-after: +1, 777",
        "retry-after: 1.5, 777",
        "retry-after: \u0661, 777",
        "'retry-after: Wed, 21 Oct 2015 07:28:00 GMT', 0",
        "'retry-after: Wed, 21 Oct 9999 07:28:00 GMT', 777",
        "'retry-after: Thu, 21 Oct 2999 07:28:00 GMT', 777",
        "'retry-after: Mon, 21 Oct 2999 07:28:00 GMT', 120000",
    })
    void theWaitIsReadAndBounded(String fields, long expectedMs) throws FramingException {
        String head = "HTTP/1.1 429 X\r\n" + fields + "\r\n\r\n";
        AnswerHead answer = AnswerHead.parse(head.getBytes(StandardCharsets.ISO_8859_1), 10);
        long nanos = RetryAfter.nanos(answer.fields(), TimeUnit.MILLISECONDS.toNanos(777));
        assertThat(TimeUnit.NANOSECONDS.toMillis(nanos)).isEqualTo(expectedMs);
    }
}
