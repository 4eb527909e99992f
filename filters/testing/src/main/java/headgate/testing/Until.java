package headgate.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Waits for what a process that was started does in its own time. */
final class Until {
    private static final long SECONDS_MAX = 20;
    private static final long LOOK_MS = 20;

    /** What is waited for. */
    interface Condition {
        boolean holds() throws IOException;
    }

    private Until() {}

    /**
     * Looks again and again until it holds.
     *
     * @throws IOException if it does not in 20 s
     */
    static void holds(String what, Condition condition) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("not in " + SECONDS_MAX + " s: " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
