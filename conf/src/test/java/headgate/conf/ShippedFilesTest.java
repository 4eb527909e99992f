package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.yaml.KnownKey;
import headgate.conf.yaml.Reading;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShippedFilesTest {
    private static final Pattern RANGE = Pattern.compile("from \\S+ to [^ ,]+");

    @Test
    void the_example_loads_with_a_few_variables_set() throws ConfigException {
        assertThat(ConfigLoader.load(ShippedExample.FILE, ShippedExample.ENVIRONMENT)
                        .deployments())
                .containsOnlyKeys("gpt-4o", "mistral-large");
    }

    @Test
    void the_example_can_have_everything_switched_on(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("tls"));
        for (String file : new String[] {
            "headgate.crt",
            "headgate.key",
            "api.crt",
            "api.key",
            "callers-ca.pem",
            "callers.crl",
            "company-ca.pem",
            "application.crt",
            "application.key",
            "federated.jwt",
            "bearer.jwt"
        }) {
            Files.writeString(directory.resolve("tls").resolve(file), "PEM");
        }
        Reading reading = new Reading(directory.resolve("headgate.yaml"), ShippedExample.ENVIRONMENT);
        String text = ShippedExample.everythingOn().replace("/var/log/headgate/", "");
        new GatewayReader(directory).read(Objects.requireNonNull(reading.open(text)));

        assertThat(reading.problems())
                .as("what are alternatives to each other exclude each other; nothing else is wrong")
                .satisfiesExactly(
                        listen -> assertThat(listen).contains("listen: beside listeners"),
                        certificate -> assertThat(certificate).contains("certificate: beside certificates"),
                        key -> assertThat(key).contains("key: beside certificates"),
                        credential -> assertThat(credential).contains("credential: beside key"),
                        model -> assertThat(model).contains("model: not taken by this kind"),
                        syslog -> assertThat(syslog).contains("syslog: beside file"));
    }

    @Test
    void the_example_says_every_key_with_its_default_and_its_bounds() throws IOException {
        Map<String, String> comments = CommentedKeys.of(ShippedExample.everythingOn());
        for (KnownKey key : ShippedExample.knownKeys()) {
            assertThat(comments).as("every key is in the example").containsKey(key.pattern());
            String comment = Objects.requireNonNull(comments.get(key.pattern()));
            if (key.otherwise().isEmpty() || key.otherwise().equals("required")) {
                assertThat(comment).as(key.pattern() + " has no default").doesNotContain("Default");
            } else {
                assertThat(comment).as(key.pattern()).endsWith(" Default " + key.otherwise() + ".");
            }
            Matcher range = RANGE.matcher(key.expected());
            if (range.find()) {
                assertThat(comment).as(key.pattern()).containsIgnoringCase(range.group());
            }
        }
    }

    @Test
    void the_example_has_no_key_that_nobody_asks_for() throws IOException {
        assertThat(ShippedExample.knownKeys().stream().map(KnownKey::pattern))
                .containsAll(CommentedKeys.of(ShippedExample.everythingOn()).keySet());
    }

    @Test
    void the_demo_shows_every_kind_of_upstream() throws ConfigException {
        GatewayConfig demo = ConfigLoader.load(Path.of("demo.yaml"), ShippedExample.ENVIRONMENT);

        assertThat(demo.listeners()).containsExactly(new ListenerConfig("127.0.0.1", 8080, null, SourceConfig.NONE));
        assertThat(demo.keys()).containsOnlyKeys("demo");
        assertThat(demo.deployments().values())
                .flatMap(DeploymentConfig::upstreams)
                .extracting(UpstreamConfig::api)
                .contains(UpstreamConfig.Api.values());
        assertThat(Objects.requireNonNull(demo.deployments().get("resilient")).upstreams())
                .as("the first refuses, the second answers")
                .extracting(UpstreamConfig::url)
                .containsExactly(
                        URI.create("http://127.0.0.1:9191/fault/429/v1"), URI.create("http://127.0.0.1:9191/v1"));
    }
}
