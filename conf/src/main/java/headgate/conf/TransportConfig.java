package headgate.conf;

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
        NIO
    }
}
