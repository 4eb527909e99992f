package headgate.loadtest.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | PT2S",
                "0.5 | PT0.5S",
                "Fri, 02 Jan 2026 03:04:15 GMT | PT10S",
                "Fri, 02 Jan 2026 03:04:00 GMT | PT0S",
            })
    void secondsAndDatesAreUnderstood(String value, Duration wait) {
        assertThat(RetryAfter.nanos(Map.of("retry-after", value)::get, NOW)).isEqualTo(wait.toNanos());
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "1e9", "12345678901"})
    void whatIsIllFormedIsNoAdvice(String value) {
        assertThat(RetryAfter.nanos(Map.of("retry-after", value)::get, NOW)).isEqualTo(RetryAfter.NONE);
    }

    @Test
    void millisecondsAreTheFinerAdvice() {
        assertThat(RetryAfter.nanos(Map.of("retry-after", "1", "retry-after-ms", "250")::get, NOW))
                .isEqualTo(250_000_000);
        assertThat(RetryAfter.nanos(name -> null, NOW)).isEqualTo(RetryAfter.NONE);
    }
}
