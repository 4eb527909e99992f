package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A key in full. */
final class KeysReaderTest {
    private static final String HASH = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";

    @Test
    void everything_can_be_said_of_a_key() throws Exception {
        KeyConfig key = read("{ secrets: [test1234], sha256: [" + HASH + "], expires: 2027-01-31, "
                + "deployments: [mistral-*, gpt], surfaces: [v1, models], networks: [10.0.0.0/8] }");
        assertThat(key)
                .isEqualTo(new KeyConfig(
                        "k",
                        List.of(Hashes.sha256("test1234"), Hashes.sha256("test")),
                        Instant.parse("2027-02-01T00:00:00Z"),
                        List.of("mistral-*", "gpt"),
                        List.of("v1", "models"),
                        List.of(new Network(InetAddress.getByName("10.0.0.0"), 8))));
    }

    @Test
    void an_instant_ends_a_key_as_well() throws ConfigException {
        assertThat(read("{ secrets: [test1234], expires: \"2027-01-31T12:00:00+02:00\" }")
                        .expires())
                .isEqualTo(Instant.parse("2027-01-31T10:00:00Z"));
    }

    @Test
    void keys_are_not_refused_and_redis_is_asked_as_little_as_possible_by_default() throws ConfigException {
        IdentityConfig identity = load("{ secrets: [test1234] }").identity();
        assertThat(identity.disableLocalAuth()).isFalse();
        assertThat(identity.failedAttempts()).isEqualTo(600);
    }

    private static KeyConfig read(String key) throws ConfigException {
        return Objects.requireNonNull(load(key).keys().get("k"));
    }

    private static GatewayConfig load(String key) throws ConfigException {
        return ConfigLoader.load(
                "keys: { k: " + key + " }\ndeployments: { d: { upstreams: [{ url: http://h }] } }",
                Path.of("test.yaml").toAbsolutePath(),
                Map.of());
    }
}
