package headgate.proxy.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends access lines to a syslog daemon, each as a message of RFC 5424 in a datagram of its own.
 *
 * <p>Facility local0, severity informational. A daemon on this machine that is away, or does not read, is waited for, so that its
 * restart loses nothing while the lines find room; one across a network is not, since nobody tells that it is away. A line
 * longer than the datagram is cut at its end.
 */
final class SyslogTarget implements AccessTarget {
    private static final String PRIORITY = "<134>1 ";
    /** The second one is there too where a sandbox shows nothing of the system in /proc. */
    private static final List<Path> HOST_NAMES =
            List.of(Path.of("/proc/sys/kernel/hostname"), Path.of("/etc/hostname"));

    /** RFC 5424, section 6.2.4, for what is not known. */
    private static final String NIL = "-";

    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Datagrams.Opening daemon;
    private final ByteBuffer datagram;
    private final String origin;

    private @Nullable Datagrams open;
    private volatile boolean leaving;
    private volatile @Nullable String trouble;

    /** To this daemon, which need not be there yet. */
    SyslogTarget(Datagrams.Opening daemon, int datagramBytes) {
        this.daemon = daemon;
        this.datagram = ByteBuffer.allocateDirect(datagramBytes);
        this.origin = " " + hostName(HOST_NAMES) + " headgate "
                + ProcessHandle.current().pid() + " access - ";
    }

    @Override
    public int write(AccessPage page) {
        byte[] header =
                (PRIORITY + Instant.now().truncatedTo(ChronoUnit.MILLIS) + origin).getBytes(StandardCharsets.US_ASCII);
        int lost = 0;
        int position = 0;
        for (int line = 0; line < page.lines(); line++) {
            datagram.clear();
            datagram.put(header, 0, Math.min(header.length, datagram.capacity()));
            position = page.copyLine(position, datagram);
            datagram.flip();
            lost += send() ? 0 : 1;
        }
        return lost;
    }

    @Override
    public @Nullable String trouble() {
        return trouble;
    }

    @Override
    public void leave() {
        leaving = true;
    }

    private boolean send() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (open == null) {
                    open = daemon.open();
                }
                if (open.trySend(datagram)) {
                    trouble = null;
                    return true;
                }
                trouble = "the daemon does not read";
            } catch (IOException e) {
                trouble = e.getMessage();
                close();
                if (leaving || !daemon.tellsAbsence()) {
                    return false;
                }
            }
            LockSupport.parkNanos(this, AGAIN_NANOS);
        }
        return false;
    }

    private void close() {
        try (Datagrams closed = open) {
            open = null;
        } catch (IOException e) {
            // It is another one from now on.
        }
    }

    /** From the first file that has one. */
    static String hostName(List<Path> files) {
        for (Path file : files) {
            try {
                String name = Files.readString(file).strip();
                if (name.matches("[!-~]{1,255}")) {
                    return name;
                }
            } catch (IOException e) {
                // The next one may be there.
            }
        }
        return NIL;
    }
}
