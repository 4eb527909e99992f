package headgate.conf;

import headgate.conf.SourceConfig.Forwarded;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.WordFormat;
import java.util.List;
import java.util.Locale;

/** Whom a listener believes; nobody, where no network is trusted. */
final class SourceReader {
    private static final Bounds NETWORKS = new Bounds(1, 1000);
    private static final WordFormat<Forwarded> FORWARDED = new WordFormat<>(
            List.of(Forwarded.values()),
            field -> field.name().toLowerCase(Locale.ROOT).replace('_', '-'));

    private SourceReader() {}

    static SourceConfig read(Section listener) {
        SourceConfig source = new SourceConfig(
                listener.read("proxyProtocol", WordFormat.FLAG, false),
                listener.read("forwarded", FORWARDED, Forwarded.OFF),
                listener.readList("trustedNetworks", new NetworkFormat(), NETWORKS, List.of()));
        if (!listener.holds("trustedNetworks")) {
            refuseWithout(listener, "proxyProtocol", source.proxyProtocol());
            refuseWithout(listener, "forwarded", source.forwarded() != Forwarded.OFF);
        }
        return source;
    }

    private static void refuseWithout(Section listener, String key, boolean believes) {
        if (believes) {
            listener.refuse(key, "without trustedNetworks", "the networks of those who are believed");
        }
    }
}
