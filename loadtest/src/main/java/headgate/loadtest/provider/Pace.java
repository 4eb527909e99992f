package headgate.loadtest.provider;

import java.time.Duration;

/**
 * How fast answers come.
 *
 * @param firstToken from the request's last byte to the answer, or to its first event
 * @param betweenTokens between two events of a stream; zero sends them as fast as the caller reads
 * @param tokens how long an answer is unless the request wants it shorter
 */
public record Pace(Duration firstToken, Duration betweenTokens, int tokens) {
    public Pace {
        if (firstToken.isNegative() || betweenTokens.isNegative()) {
            throw new IllegalArgumentException("a pace cannot be negative: " + firstToken + ", " + betweenTokens);
        }
        if (tokens < 1) {
            throw new IllegalArgumentException("an answer has at least one token, not " + tokens);
        }
    }
}
