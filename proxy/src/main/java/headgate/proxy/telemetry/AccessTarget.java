package headgate.proxy.telemetry;

import headgate.conf.AccessLogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What access lines are written to, by one thread.
 *
 * <p>It may make that thread wait: the lines that come meanwhile wait too, and are dropped above their bound.
 */
interface AccessTarget {
    /** Writes all lines of a page; returns how many are lost. */
    int write(AccessPage page);

    /** Why lines are not taken for now; null while they are. Asked on any thread. */
    @Nullable
    String trouble();

    /** Another file may be where the one was that is written to; called on any thread. */
    default void reopen() {}

    /** From now on nobody is waited for who is away; called on any thread. */
    default void leave() {}

    /**
     * The target of this configuration; null for none.
     *
     * @throws IOException if it cannot be opened, and will not be by waiting
     */
    @SuppressWarnings("resource") // lives as long as the process
    static @Nullable AccessTarget open(AccessLogConfig config) throws IOException {
        return switch (config.target()) {
            case OFF -> null;
            case STDOUT -> new StreamTarget(new FileOutputStream(FileDescriptor.out), null);
            case FILE -> StreamTarget.appending(Objects.requireNonNull(config.file()));
            case SYSLOG -> new SyslogTarget(Datagrams.to(config), config.datagramBytes());
        };
    }
}
