package headgate.proxy.upstream;

import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long an upstream asks to be left alone: {@code retry-after-ms}, else {@code retry-after}, in seconds or as a date
 * (RFC 9110, section 10.2.3).
 */
final class RetryAfter {
    private static final long NANOS_PER_MS = 1_000_000L;
    private static final long MAX_MS = 120_000;

    private RetryAfter() {}

    /** The wait in nanoseconds, at most two minutes; the default where the fields say nothing that can be read. */
    static long nanos(HeaderFields fields, long defaultNanos) {
        long ms = number(fields.value(HeaderName.RETRY_AFTER_MS));
        if (ms < 0) {
            String text = fields.value(HeaderName.RETRY_AFTER);
            long seconds = number(text);
            ms = seconds < 0 ? untilDate(text) : seconds * 1000;
        }
        return ms < 0 ? defaultNanos : Math.min(ms, MAX_MS) * NANOS_PER_MS;
    }

    private static long untilDate(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            return Math.max(0, Math.min(MAX_MS, Instant.now().until(date, ChronoUnit.MILLIS)));
        } catch (DateTimeException e) {
            return -1;
        }
    }

    /** A whole number, or {@link #MAX_MS} for a larger one; -1 for anything else. */
    private static long number(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
            number = Math.min(MAX_MS, number * 10 + (text.charAt(i) - '0'));
        }
        return number;
    }
}
