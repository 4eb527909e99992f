package headgate.conf;

import java.util.Locale;

/**
 * What moves the bytes.
 *
 * @param eventLoops number of event loops, 1 to 256; default: the number of processors
 * @param kind which transport to use; default {@code auto}: epoll where its library loads, else nio
 */
public record TransportConfig(int eventLoops, Kind kind) {
    /** The transports to choose from. */
    public enum Kind {
        AUTO,
        EPOLL,
        IO_URING,
        NIO;

        /** As it is written in a configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
