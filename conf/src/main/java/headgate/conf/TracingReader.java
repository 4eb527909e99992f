package headgate.conf;

import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.ShareFormat;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.UrlFormat;
import headgate.conf.yaml.WordFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where traces go. */
final class TracingReader {
    private static final Bounds HEADERS = new Bounds(0, 16);
    private static final TextFormat HEADER = new TextFormat(
            "[A-Za-z0-9][A-Za-z0-9-]{0,63}", "1 to 64 letters, digits or hyphens, the first a letter or a digit");
    private static final SecretFormat VALUE = new SecretFormat(1, true);
    private static final DurationFormat INTERVAL = new DurationFormat(Duration.ofMillis(100), Duration.ofMinutes(1));
    private static final CountFormat QUEUE = new CountFormat(100, 1_000_000);

    private final FileFormat pem;

    TracingReader(Path directory) {
        this.pem = FileFormat.readable(directory);
    }

    @Nullable
    TracingConfig read(Section root) {
        Section tracing = root.findSection("tracing", "a map with at least url");
        if (tracing == null) {
            return null;
        }
        URI url = tracing.require("url", new UrlFormat());
        Map<String, Secret> headers = new LinkedHashMap<>();
        Section written = tracing.section("headers");
        for (String name : written.names(HEADER, HEADERS)) {
            Secret value = written.require(name, VALUE);
            if (value != null) {
                headers.put(name, value);
            }
        }
        String service = tracing.read("service", GatewayReader.NAME, "headgate");
        double sample = tracing.read("sample", new ShareFormat(), 0.01);
        boolean callersDecide = tracing.read("callersDecide", WordFormat.FLAG, true);
        int queue = tracing.read("queue", QUEUE, 10_000);
        Duration interval = tracing.read("interval", INTERVAL, Duration.ofSeconds(5));
        Path ca = tracing.find("ca", pem);
        return url == null
                ? null
                : new TracingConfig(
                        url, Collections.unmodifiableMap(headers), service, sample, callersDecide, queue, interval, ca);
    }
}
