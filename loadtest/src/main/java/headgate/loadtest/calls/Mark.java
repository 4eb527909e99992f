package headgate.loadtest.calls;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The words that tell one call's prompt from all others, so that a crossed answer is seen.
 *
 * <p>All marks begin alike, name their run and lane, and end with {@code ~}; none needs an escape in JSON.
 */
final class Mark {
    static final String START = "hg~";
    static final char END = '~';

    /** No mark is longer, and what simulated providers repeat of a prompt is longer than that. */
    static final int CHARACTERS_MAX = 40;

    private static final AtomicInteger LANES = new AtomicInteger();

    private final String lane = START + Long.toHexString(ProcessHandle.current().pid()) + "."
            + Integer.toHexString(LANES.incrementAndGet()) + ".";

    String of(long serial) {
        return lane + Long.toHexString(serial) + END;
    }
}
