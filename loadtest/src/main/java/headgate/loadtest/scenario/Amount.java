package headgate.loadtest.scenario;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts as people write them: {@code 20ms} for a duration, {@code 1500} for a number. */
public final class Amount {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(us|ms|s|m)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");

    private Amount() {}

    /**
     * Reads {@code 500us}, {@code 20ms}, {@code 1s} or {@code 2m}.
     *
     * @throws IllegalArgumentException if it is none, with a message for the reader
     */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration like 500us, 20ms, 1s or 2m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> Duration.ofNanos(amount * 1000);
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    /** Reads a duration in nanoseconds, for distributions of times; fails as {@link #duration} does. */
    public static double nanos(String text) {
        return duration(text).toNanos();
    }

    /**
     * Reads a number that is not negative.
     *
     * @throws IllegalArgumentException if it is none, with a message for the reader
     */
    public static double number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a number like 3, 0.5 or 1500");
        }
        return Double.parseDouble(text);
    }
}
