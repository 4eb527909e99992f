package headgate.conf;

import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.WordFormat;
import java.nio.file.Path;
import java.time.Duration;

/** How callers are known. */
final class IdentityReader {
    private static final DurationFormat OUTAGE = new DurationFormat(Duration.ZERO, Duration.ofDays(7));
    private static final DurationFormat UNKNOWN = new DurationFormat(Duration.ZERO, Duration.ofHours(1));

    private final Path directory;

    IdentityReader(Path directory) {
        this.directory = directory;
    }

    IdentityConfig read(Section identity) {
        return new IdentityConfig(
                identity.read("disableLocalAuth", WordFormat.FLAG, false),
                identity.read("keyOutageTime", OUTAGE, Duration.ofHours(1)),
                identity.read("unknownKeyTime", UNKNOWN, Duration.ofSeconds(10)),
                identity.read("rememberedKeys", new CountFormat(1, 10_000_000), 100_000),
                identity.read("failedAttempts", new CountFormat(1, 60_000), 600),
                new IssuerReader(directory).read(identity),
                TokensReader.read(identity.section("tokens")));
    }
}
