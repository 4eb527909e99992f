package headgate.conf;

import headgate.conf.yaml.Section;
import java.nio.file.Path;

/** How callers are known beside their keys. */
final class IdentityReader {
    private final Path directory;

    IdentityReader(Path directory) {
        this.directory = directory;
    }

    IdentityConfig read(Section identity) {
        return new IdentityConfig(
                new IssuerReader(directory).read(identity), TokensReader.read(identity.section("tokens")));
    }
}
