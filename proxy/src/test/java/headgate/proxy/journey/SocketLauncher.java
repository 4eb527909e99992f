package headgate.proxy.journey;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a program as systemd does it for a socket unit: with a socket that listens as its descriptor 3 (sd_listen_fds(3)).
 *
 * <p>A process of its own. A child of Java has no descriptors but the first three, so the socket goes over as the standard input,
 * and a shell moves it.
 */
final class SocketLauncher {
    private SocketLauncher() {}

    /** Starts this command, and ends when it ends. */
    public static void main(String[] command) throws Exception {
        // What Java opens for itself, it opens with the first socket.
        Epoll.ensureAvailability();
        ServerSocketChannel.open(StandardProtocolFamily.INET).close();
        // Java would put /dev/null there; the system gives the lowest number that is free to whatever is opened next.
        new FileDescriptor(0).close();
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            socket.configureBlocking(false);
            List<String> passing = new ArrayList<>(
                    List.of("sh", "-c", "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"));
            passing.addAll(List.of(command));
            System.exit(new ProcessBuilder(passing).inheritIO().start().waitFor());
        }
    }
}
