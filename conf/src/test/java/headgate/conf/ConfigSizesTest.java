package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many there may be of what can be listed. */
final class ConfigSizesTest {
    @Test
    void ten_thousand_deployments_are_the_most() throws ConfigException {
        assertThat(load(deployments(10_000)).deployments()).hasSize(10_000);
        assertThatThrownBy(() -> load(deployments(10_001)))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("deployments: 10001 names: expected 1 to 10000 names");
    }

    @Test
    void ten_thousand_keys_are_the_most() throws ConfigException {
        assertThat(load(keys(10_000)).keys()).hasSize(10_000);
        assertThatThrownBy(() -> load(keys(10_001)))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("keys: 10001 names: expected 0 to 10000 names");
    }

    @Test
    void sixty_four_upstreams_are_the_most() throws ConfigException {
        String many = "deployments: { a: { upstreams: [%s] } }";
        assertThat(deployment(load(many.formatted("{ url: http://h },".repeat(64))), "a")
                        .upstreams())
                .hasSize(64);
        assertThatThrownBy(() -> load(many.formatted("{ url: http://h },".repeat(65))))
                .hasMessageEndingWith("upstreams: a list of 65: expected a list of 1 to 64 maps");
    }

    private static String deployments(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "  a" + i + ": { upstreams: [{ url: http://h }] }\n")
                .collect(Collectors.joining("", "deployments:\n", ""));
    }

    private static String keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "  k" + i + ": secret-" + i + "\n")
                .collect(Collectors.joining("", "keys:\n", deployments(1)));
    }

    private static DeploymentConfig deployment(GatewayConfig config, String name) {
        return Objects.requireNonNull(config.deployments().get(name), name);
    }

    private static GatewayConfig load(String text) throws ConfigException {
        return ConfigLoader.load(text, Path.of("headgate.yaml").toAbsolutePath(), Map.of());
    }
}
