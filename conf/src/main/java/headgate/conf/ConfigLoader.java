package headgate.conf;

import headgate.conf.yaml.Reading;
import headgate.conf.yaml.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a file into a configuration, or into the list of all that is wrong with it. */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * Reads a file.
     *
     * @param file a YAML file; relative files in it are found from its directory
     * @param environment where {@code ${VARIABLE}} is looked up
     * @throws ConfigException if the file cannot be read or cannot be used
     */
    public static GatewayConfig load(Path file, Map<String, String> environment) throws ConfigException {
        return new ConfigSource(file, environment).load();
    }

    /**
     * Reads the text of a file.
     *
     * @param text YAML
     * @param file its name in messages, and the place from which relative files are found; it is not opened
     * @param environment where {@code ${VARIABLE}} is looked up
     * @throws ConfigException if the text cannot be used
     */
    public static GatewayConfig load(String text, Path file, Map<String, String> environment) throws ConfigException {
        return read(new Reading(file, environment), text);
    }

    static GatewayConfig read(Reading reading, @Nullable String text) throws ConfigException {
        Section root = text == null ? null : reading.open(text);
        GatewayConfig config = root == null ? null : new GatewayReader(reading.directory()).read(root);
        List<String> problems = reading.problems();
        if (config == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }
}
