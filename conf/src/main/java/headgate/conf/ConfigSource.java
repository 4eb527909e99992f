package headgate.conf;

import headgate.conf.yaml.Reading;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that a configuration is read from, again and again.
 *
 * <p>Used by one thread at a time.
 */
public final class ConfigSource {
    private final Path file;
    private final Map<String, String> environment;
    private Set<Path> files;

    /**
     * A source that was not read yet.
     *
     * @param file a YAML file; relative files in it are found from its directory
     * @param environment where {@code ${VARIABLE}} is looked up
     */
    public ConfigSource(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = Map.copyOf(environment);
        this.files = Set.of(file);
    }

    /**
     * Reads the file.
     *
     * @throws ConfigException if the file cannot be read or cannot be used
     */
    public GatewayConfig load() throws ConfigException {
        Reading reading = new Reading(file, environment);
        try {
            GatewayConfig config = ConfigLoader.read(reading, reading.text());
            note(reading, config);
            return config;
        } catch (ConfigException e) {
            note(reading, null);
            throw e;
        }
    }

    /** The file itself. */
    public Path file() {
        return file;
    }

    /**
     * The files that the last reading depended on: the file itself, those that it takes secrets from, and the authorities
     * that upstreams are known by. Files that are looked at elsewhere while the gateway runs, such as certificates of
     * listeners, are not among them.
     */
    public Set<Path> files() {
        return files;
    }

    private void note(Reading reading, @Nullable GatewayConfig config) {
        Set<Path> read = new LinkedHashSet<>();
        read.add(file);
        read.addAll(reading.files());
        if (config != null) {
            config.deployments()
                    .values()
                    .forEach(deployment -> deployment.upstreams().forEach(upstream -> {
                        if (upstream.ca() != null) {
                            read.add(upstream.ca());
                        }
                    }));
        }
        files = Set.copyOf(read);
    }
}
