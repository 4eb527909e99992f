package headgate.proxy.telemetry;

import headgate.conf.AccessLogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What access lines are written to, by one thread.
 *
 * <p>It may make that thread wait: the lines that come meanwhile wait too, and are dropped above their bound.
 */
interface AccessTarget {
    /** Writes all lines of a page; returns how many are lost. */
    int write(AccessPage page);

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
            case STDOUT -> new Stream(new FileOutputStream(FileDescriptor.out));
            case FILE -> new Stream(new FileOutputStream(String.valueOf(config.file()), true));
            case SYSLOG -> new SyslogTarget(Datagrams.to(config), config.datagramBytes());
        };
    }

    /** Lines, one behind the other. A disk that is full may have room again, so the next page is tried. */
    record Stream(OutputStream out) implements AccessTarget {
        @Override
        public int write(AccessPage page) {
            try {
                page.writeTo(out);
                return 0;
            } catch (IOException e) {
                return page.lines();
            }
        }
    }
}
