package headgate.proxy.credential;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A token as it was given.
 *
 * @param lifeNanos how long it is good, from when it was asked for
 * @param againNanos when the next one is to be fetched, from when this one came
 */
record Token(String value, long lifeNanos, long againNanos) {
    /** Longer than any process lives, and no overflow when it is added to a clock. */
    static final long FOR_EVER_NANOS = Duration.ofDays(36_500).toNanos();

    static final int CHARS_MAX = 32 * 1024;

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7E]{1," + CHARS_MAX + "}");
    private static final long AGAIN_NANOS_MIN = Duration.ofSeconds(1).toNanos();

    /** A token that expires: the next one is fetched after half to two thirds of its life, so that not all nodes ask at once. */
    static Token expiring(String value, long lifeSeconds) throws IOException {
        long life = Math.min(
                Duration.ofSeconds(Math.min(lifeSeconds, Integer.MAX_VALUE)).toNanos(), FOR_EVER_NANOS);
        long again = (long) (life * ThreadLocalRandom.current().nextDouble(0.5, 0.67));
        return of(value, life, Math.max(AGAIN_NANOS_MIN, again));
    }

    /**
     * A token that can stand in a header line.
     *
     * @throws IOException if it cannot
     */
    static Token of(String value, long lifeNanos, long againNanos) throws IOException {
        if (!VISIBLE_ASCII.matcher(value).matches()) {
            throw new IOException("what came is no token");
        }
        return new Token(value, lifeNanos, againNanos);
    }

    @Override
    public String toString() {
        return "***";
    }
}
