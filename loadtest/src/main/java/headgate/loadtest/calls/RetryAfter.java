package headgate.loadtest.calls;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how long a target advises to wait before another attempt. */
final class RetryAfter {
    /** No advice. */
    static final long NONE = -1;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    private RetryAfter() {}

    /**
     * The wait in nanoseconds, or {@link #NONE}: of {@code retry-after-ms}, which is the finer one, else of {@code retry-after} as
     * seconds or as a date (RFC 9110, section 10.2.3). What is ill-formed is no advice.
     *
     * @param header finds a header by its name in lower case
     */
    static long nanos(Function<String, ? extends @Nullable CharSequence> header, Instant now) {
        CharSequence millis = header.apply("retry-after-ms");
        if (millis != null && NUMBER.matcher(millis).matches()) {
            return (long) (Double.parseDouble(millis.toString()) * 1e6);
        }
        CharSequence after = header.apply("retry-after");
        if (after == null) {
            return NONE;
        }
        if (NUMBER.matcher(after).matches()) {
            return (long) (Double.parseDouble(after.toString()) * 1e9);
        }
        Date date = DateFormatter.parseHttpDate(after);
        return date == null ? NONE : Math.max(0, date.getTime() - now.toEpochMilli()) * 1_000_000;
    }
}
