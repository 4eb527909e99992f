package headgate.filters;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import java.nio.file.Path;
import java.util.Map;

/** A configuration as an operator would write it. */
public final class Configured {
    private Configured() {}

    /** The configuration with these deployments, in YAML. */
    public static GatewayConfig with(String deployments) {
        String yaml = "keys: { caller: [a-key-of-the-caller, its-other-key], other: a-key-of-another }\n"
                + "deployments:\n" + deployments.indent(2);
        try {
            return ConfigLoader.load(yaml, Path.of("test.yaml").toAbsolutePath(), Map.of());
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
