package headgate.proxy.reload;

import java.time.Instant;
import java.util.List;

/**
 * What came of one reload.
 *
 * @param at when it was over, by the wall clock
 * @param cause who asked for it
 * @param applied whether the configuration came into force; if not, the one before goes on
 * @param problems why not, one line each, as {@code headgate check} says them; empty when it was applied
 */
public record ReloadOutcome(Instant at, Cause cause, boolean applied, List<String> problems) {
    /** Who asks for a reload. */
    public enum Cause {
        /** SIGHUP. */
        SIGNAL,
        /** A file that the configuration was read from has changed. */
        FILES,
        /** A person or a program, on the admin listener. */
        COMMAND
    }
}
