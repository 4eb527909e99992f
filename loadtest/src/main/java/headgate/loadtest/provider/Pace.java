package headgate.loadtest.provider;

import headgate.loadtest.scenario.Distribution;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How fast answers come; what is drawn is drawn anew for each answer or event.
 *
 * @param firstToken from the request's last byte to the answer, or to its first event; nanoseconds
 * @param betweenTokens between two events of a stream, nanoseconds; zero sends them as fast as the caller reads
 * @param tokens how long an answer is unless the request wants it shorter; one token at least
 * @param tellsTimes whether events tell when they were meant to leave
 */
public record Pace(Distribution firstToken, Distribution betweenTokens, Distribution tokens, boolean tellsTimes) {
    private static final int TOKENS_MAX = 1_000_000;

    public Pace {
        if (tokens instanceof Distribution.Constant constant && constant.value() < 1) {
            throw new IllegalArgumentException("an answer has at least one token");
        }
    }

    /** A pace that is always the same. */
    public static Pace constant(Duration firstToken, Duration betweenTokens, int tokens) {
        if (firstToken.isNegative() || betweenTokens.isNegative()) {
            throw new IllegalArgumentException("a pace cannot be negative: " + firstToken + ", " + betweenTokens);
        }
        return new Pace(
                new Distribution.Constant(firstToken.toNanos()),
                new Distribution.Constant(betweenTokens.toNanos()),
                new Distribution.Constant(tokens),
                false);
    }

    /** This one with events that tell when they were meant to leave. */
    public Pace tellingTimes() {
        return new Pace(firstToken, betweenTokens, tokens, true);
    }

    int drawTokens() {
        return (int) Math.max(1, Math.min(TOKENS_MAX, Math.round(tokens.draw(ThreadLocalRandom.current()))));
    }

    long drawFirstNanos() {
        return (long) firstToken.draw(ThreadLocalRandom.current());
    }

    long drawBetweenNanos() {
        return (long) betweenTokens.draw(ThreadLocalRandom.current());
    }

    /** Whether all gaps are alike, so that one repeating timer can keep them. */
    boolean isEven() {
        return betweenTokens instanceof Distribution.Constant;
    }
}
