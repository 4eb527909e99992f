package headgate.proxy.telemetry;

import headgate.conf.AccessLogConfig;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Sends datagrams to a daemon; belongs to one thread, which it never blocks.
 *
 * <p>The Java library has no datagrams of Unix sockets, so these come from Netty's native one.
 */
interface Datagrams extends Closeable {
    /** Sends what is readable; false when it cannot be taken for now. */
    boolean trySend(ByteBuffer datagram) throws IOException;

    /** How to reach a daemon, which may be away now, and may come back another one. */
    interface Opening {
        Datagrams open() throws IOException;

        /** Whether who is away is known to be, so that it can be waited for. */
        boolean tellsAbsence();
    }

    /**
     * How to reach the daemon of this configuration.
     *
     * @throws IOException if there is no way to speak with it on this machine
     */
    static Opening to(AccessLogConfig config) throws IOException {
        if (config.file() == null) {
            return new OverUdp(config.address() == null ? new InetSocketAddress(0) : config.address());
        }
        if (!Epoll.isAvailable()) {
            throw new IOException("accessLog.syslog with a socket needs epoll: " + Epoll.unavailabilityCause());
        }
        return new OverUnix(new DomainSocketAddress(config.file().toFile()));
    }

    /** Over a Unix socket: a daemon that does not read makes it wait, and one that has gone refuses. */
    record OverUnix(DomainSocketAddress address) implements Opening {
        @Override
        public boolean tellsAbsence() {
            return true;
        }

        @Override
        public Datagrams open() throws IOException {
            Socket socket = Socket.newSocketDomainDgram();
            try {
                socket.connect(address);
            } catch (FileNotFoundException e) {
                socket.close();
                // It comes without a word.
                throw new FileNotFoundException(address.path() + ": No such file or directory");
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            return new Datagrams() {
                @Override
                public boolean trySend(ByteBuffer datagram) throws IOException {
                    return socket.write(datagram, datagram.position(), datagram.limit()) > 0;
                }

                @Override
                public void close() throws IOException {
                    socket.close();
                }
            };
        }
    }

    /** Over UDP: what is lost on the way nobody tells. The name is looked up anew each time. */
    record OverUdp(InetSocketAddress unresolved) implements Opening {
        @Override
        public boolean tellsAbsence() {
            return false;
        }

        @Override
        public Datagrams open() throws IOException {
            InetSocketAddress address = new InetSocketAddress(unresolved.getHostString(), unresolved.getPort());
            if (address.isUnresolved()) {
                throw new UnknownHostException(address.getHostString());
            }
            DatagramChannel channel = DatagramChannel.open();
            channel.connect(address);
            return new Datagrams() {
                @Override
                public boolean trySend(ByteBuffer datagram) throws IOException {
                    channel.write(datagram.duplicate());
                    return true;
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        }
    }
}
