package headgate.conf;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the one line per exchange goes.
 *
 * @param target standard output, a file, a syslog daemon, or nowhere
 * @param file the file to append to, or the daemon's socket; null where it is neither
 * @param address where a daemon listens on UDP, unresolved; null for every other target
 * @param datagramBytes the longest datagram to a daemon; a longer line is cut; default 8 KiB
 */
public record AccessLogConfig(
        Target target, @Nullable Path file, @Nullable InetSocketAddress address, int datagramBytes) {
    /** The datagram of who says nothing else. */
    public static final int DATAGRAM_BYTES = 8192;

    /** The places an access line can go to. */
    public enum Target {
        STDOUT,
        FILE,
        SYSLOG,
        OFF
    }

    /** Goes to no daemon. */
    public AccessLogConfig(Target target, @Nullable Path file) {
        this(target, file, null, DATAGRAM_BYTES);
    }
}
