package headgate.loadtest.calls;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how long a target advises to wait before another attempt. */
final class RetryAfter {
    /** No advice. */
    static final long NONE = -1;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    /** Finds a header of either HTTP by its name in lower case. */
    interface Headers {
        @Nullable
        CharSequence find(String name);
    }

    private RetryAfter() {}

    /**
     * The wait in nanoseconds, or {@link #NONE}: of {@code retry-after-ms}, which is the finer one, else of {@code retry-after} as
     * seconds or as a date (RFC 9110, section 10.2.3). What is ill-formed is no advice.
     *
     * @param headers of the answer
     */
    static long nanos(Headers headers, Instant now) {
        CharSequence millis = headers.find("retry-after-ms");
        if (millis != null && NUMBER.matcher(millis).matches()) {
            return (long) (Double.parseDouble(millis.toString()) * 1e6);
        }
        CharSequence after = headers.find("retry-after");
        if (after == null) {
            return NONE;
        }
        if (NUMBER.matcher(after).matches()) {
            return (long) (Double.parseDouble(after.toString()) * 1e9);
        }
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(after, Instant::from);
            return Math.max(0, Duration.between(now, date).toNanos());
        } catch (DateTimeException | ArithmeticException noDate) {
            return NONE;
        }
    }
}
