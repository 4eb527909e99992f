package headgate.filters.quota;

import static headgate.filters.quota.Ledgers.SECOND;

import java.util.Random;

/** What eight callers ask for who want more than there is, and what they use of it. */
final class HungryCallers {
    static final int CALLERS = 8;
    /** Tokens a minute, which are less than they want. */
    static final long LIMIT = 40_000;

    private static final long PROMPT = 5;

    private HungryCallers() {}

    /** Tokens that the next exchange may use. */
    static long asks(Random random) {
        return PROMPT + random.nextInt(1, 300);
    }

    /** What it uses of them; one in five is cut by its caller, when some of the answer has passed. */
    static long uses(Random random, long asked) {
        return random.nextInt(5) == 0 ? PROMPT + random.nextLong(asked - PROMPT) : asked;
    }

    /** How long it takes. */
    static long nanos(Random random) {
        return random.nextLong(SECOND / 2);
    }
}
