package headgate.conf;

import headgate.conf.yaml.AddressFormat;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Section;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where to listen: one address in short, or a list of listeners. */
final class ListenerReader {
    private static final InetSocketAddress DEFAULT = InetSocketAddress.createUnresolved("127.0.0.1", 8080);
    private static final AddressFormat ADDRESS = new AddressFormat();
    private static final Bounds LISTENERS = new Bounds(1, 64);

    private final TlsReader tlsReader;

    ListenerReader(Path directory) {
        this.tlsReader = new TlsReader(directory);
    }

    List<ListenerConfig> read(Section root) {
        InetSocketAddress listen = root.read("listen", ADDRESS, DEFAULT);
        List<Section> sections = root.sections("listeners", LISTENERS);
        if (root.holds("listen") && root.holds("listeners")) {
            root.refuse("listen", "beside listeners", "listen or listeners, and not both");
        }
        List<ListenerConfig> listeners = new ArrayList<>();
        Map<InetSocketAddress, Section> firsts = new HashMap<>();
        for (Section section : sections) {
            InetSocketAddress address = section.require("address", ADDRESS);
            TlsConfig tls = tlsReader.read(section);
            SourceConfig source = SourceReader.read(section);
            if (address != null) {
                listeners.add(new ListenerConfig(address.getHostString(), address.getPort(), tls, source));
                refuseRepetition(section, address, firsts);
            }
        }
        return sections.isEmpty()
                ? List.of(new ListenerConfig(listen.getHostString(), listen.getPort(), null, SourceConfig.NONE))
                : List.copyOf(listeners);
    }

    /** Port 0 is never the same address: the system chooses. */
    private static void refuseRepetition(
            Section section, InetSocketAddress address, Map<InetSocketAddress, Section> firsts) {
        String host = address.getHostString().toLowerCase(Locale.ROOT);
        Section first = address.getPort() == 0
                ? null
                : firsts.putIfAbsent(InetSocketAddress.createUnresolved(host, address.getPort()), section);
        if (first != null) {
            section.refuse("address", "a repetition", "another address than that of line " + first.line("address"));
        }
    }
}
