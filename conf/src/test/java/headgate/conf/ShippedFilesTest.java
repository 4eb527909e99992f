package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ShippedFilesTest {
    @Test
    void the_demo_shows_every_kind_of_upstream() throws ConfigException {
        GatewayConfig demo =
                ConfigLoader.load(Path.of("demo.yaml"), Map.of("HEADGATE_DEMO_PROVIDER", "http://127.0.0.1:9191"));

        assertThat(demo.keys()).containsOnlyKeys("demo");
        assertThat(demo.deployments().values())
                .flatMap(DeploymentConfig::upstreams)
                .extracting(UpstreamConfig::api)
                .as("callers should see each api at work")
                .contains(UpstreamConfig.Api.values());
    }
}
