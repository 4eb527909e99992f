package headgate.conf;

import headgate.conf.AccessLogConfig.Target;
import headgate.conf.yaml.AddressFormat;
import headgate.conf.yaml.EitherFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.SizeFormat;
import headgate.conf.yaml.WordFormat;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where access lines go: a word, a file, or a syslog daemon by its socket or its address. */
final class AccessLogReader {
    private static final String KEY = "accessLog";
    private static final Format<Target> WORD = new EitherFormat<>(
            new WordFormat<>(
                    List.of(Target.STDOUT, Target.OFF), target -> target.name().toLowerCase(Locale.ROOT)),
            "a map with a file or a syslog");

    /** The least that every daemon takes (RFC 5426, section 3.2), and the most that UDP over IPv4 carries. */
    private static final SizeFormat DATAGRAM = new SizeFormat(480, 65_507);

    private final FileFormat writable;
    private final FileFormat socket;

    AccessLogReader(Path directory) {
        this.writable = FileFormat.writable(directory);
        this.socket = FileFormat.anywhere(directory);
    }

    AccessLogConfig read(Section root) {
        if (!root.holds(KEY) || root.holdsText(KEY)) {
            return new AccessLogConfig(root.read(KEY, WORD, Target.STDOUT), null);
        }
        Section log = root.findSection(KEY, WORD, Target.STDOUT);
        if (log == null) {
            return new AccessLogConfig(Target.STDOUT, null);
        }
        Path file = log.holds("syslog") ? log.find("file", writable) : log.require("file", writable);
        Daemon daemon = log.find("syslog", new DaemonFormat(socket));
        int bytes = Math.toIntExact(log.read("datagramBytes", DATAGRAM, (long) AccessLogConfig.DATAGRAM_BYTES));
        if (log.holds("syslog") && log.holds("file")) {
            log.refuse("syslog", "beside file", "file or syslog, and not both");
        }
        return daemon == null
                ? new AccessLogConfig(Target.FILE, file)
                : new AccessLogConfig(Target.SYSLOG, daemon.socket, daemon.address, bytes);
    }

    /** One of both. */
    private record Daemon(@Nullable Path socket, @Nullable InetSocketAddress address) {}

    private record DaemonFormat(FileFormat file) implements Format<Daemon> {
        private static final AddressFormat ADDRESS = new AddressFormat();

        @Override
        public @Nullable Daemon read(String written) {
            if (written.startsWith("/")) {
                Path socket = file.read(written);
                return socket == null ? null : new Daemon(socket, null);
            }
            InetSocketAddress address = ADDRESS.read(written);
            return address == null || address.getPort() == 0 ? null : new Daemon(null, address);
        }

        @Override
        public String expected() {
            return "the path of a socket, such as /dev/log, or host:port of UDP, such as 127.0.0.1:514";
        }
    }
}
