package headgate.filters;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.conf.LimitsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A configuration as an operator would write it. */
public final class Configured {
    private Configured() {}

    /**
     * The configuration with these deployments, in YAML.
     *
     * @param more further top-level keys
     */
    public static GatewayConfig with(String deployments, String... more) {
        String yaml = "keys: { caller: [a-key-of-the-caller, its-other-key], other: a-key-of-another }\n"
                + "deployments:\n" + deployments.indent(2) + String.join("\n", more);
        try {
            return ConfigLoader.load(yaml, Path.of("test.yaml").toAbsolutePath(), Map.of());
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** Bounds on what is held in bytes, and small ones on everything else. */
    public static LimitsConfig limits(int perExchange, long total) {
        Duration second = Duration.ofSeconds(1);
        return new LimitsConfig(
                8192,
                32768,
                100,
                65536,
                1 << 26,
                1 << 20,
                perExchange,
                total,
                65536,
                10,
                second,
                second,
                second,
                second,
                64,
                1000,
                10,
                10,
                10,
                second,
                second,
                new LimitsConfig.Http2(10, 65536, 100, 1000),
                new LimitsConfig.ContentFilter(1024, 65536, 65536, 100),
                1 << 20,
                100,
                100);
    }
}
