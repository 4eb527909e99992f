package headgate.conf;

import static headgate.conf.Hashes.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import headgate.conf.AccessLogConfig.Target;
import headgate.conf.DeploymentConfig.ExtraParameters;
import headgate.conf.DeploymentConfig.OperationName;
import headgate.conf.TransportConfig.Kind;
import headgate.conf.UpstreamConfig.Api;
import headgate.conf.UpstreamConfig.Http;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLoaderTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HEADGATE_KEY", "headgate-key", "MISTRAL_API_KEY", "mistral-key");

    private final Path directory;

    ConfigLoaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void five_lines_are_enough() throws ConfigException {
        GatewayConfig config = load("""
                keys:
                  demo: ${HEADGATE_KEY}
                deployments:
                  mistral-large:
                    upstreams: [{ url: https://api.mistral.ai/v1, model: mistral-large-latest, key: ${MISTRAL_API_KEY} }]
                """);

        assertThat(config.listeners()).containsExactly(new ListenerConfig("127.0.0.1", 8080, null, SourceConfig.NONE));
        assertThat(Hashes.key(config, "demo").sha256()).containsExactly(sha256("headgate-key"));
        assertThat(config.deployments()).containsOnlyKeys("mistral-large");
        DeploymentConfig deployment = deployment(config, "mistral-large");
        assertThat(deployment.model()).isNull();
        assertThat(deployment.sku()).isNull();
        assertThat(deployment.operations()).isEmpty();
        assertThat(deployment.extraParameters()).isEqualTo(ExtraParameters.ERROR);
        assertThat(deployment.upstreams())
                .containsExactly(new UpstreamConfig(
                        URI.create("https://api.mistral.ai/v1"),
                        Api.OPENAI,
                        "mistral-large-latest",
                        null,
                        null,
                        new CredentialConfig.Key(new Secret("mistral-key")),
                        1,
                        1,
                        null,
                        Http.AUTO));
    }

    @Test
    void the_defaults_are_those_of_the_records_documentation() throws ConfigException {
        GatewayConfig config = load("deployments: { a: { upstreams: [{ url: http://h }] } }");

        int kib = 1 << 10;
        int mib = 1 << 20;
        assertThat(config.limits())
                .isEqualTo(new LimitsConfig(
                        8 * kib,
                        32 * kib,
                        100,
                        64 * kib,
                        64L * mib,
                        mib,
                        64 * mib,
                        256L * mib,
                        64 * kib,
                        10_000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(2),
                        64,
                        65_536,
                        1024,
                        100,
                        1024,
                        Duration.ofSeconds(50),
                        Duration.ofSeconds(20),
                        new LimitsConfig.Http2(100, 256 * kib, 200, 3000),
                        new LimitsConfig.ContentFilter(1000, mib, 4 * mib, 500),
                        4 * mib,
                        1000,
                        10_000));
        assertThat(deployment(config, "a").timeouts())
                .isEqualTo(new TimeoutsConfig(
                        Duration.ofSeconds(5), Duration.ofMinutes(29), Duration.ofMinutes(2), Duration.ofMinutes(60)));
        assertThat(deployment(config, "a").retry())
                .isEqualTo(new RetryConfig(3, Set.of(429, 500, 502, 503, 504), true, 20, 5));
        assertThat(config.keys()).isEmpty();
        assertThat(config.identity().issuers()).isEmpty();
        assertThat(config.identity().tokens()).isEqualTo(new TokensConfig(16 * kib, 8, 16, 10_000, 256 * kib));
        assertThat(config.permissions()).as("no table means every right").isNull();
        assertThat(config.accessLog()).isEqualTo(new AccessLogConfig(Target.STDOUT, null));
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.transport().kind()).isEqualTo(Kind.AUTO);
        assertThat(config.transport().eventLoops())
                .isEqualTo(Math.min(256, Runtime.getRuntime().availableProcessors()));
    }

    @Test
    void every_key_reaches_its_own_component() throws ConfigException, IOException {
        for (String file : List.of("tls.crt", "tls.key", "ca.pem")) {
            Files.writeString(directory.resolve(file), "PEM");
        }
        GatewayConfig config = load("""
                listeners:
                  - { address: "[::1]:0", tls: { certificate: tls.crt, key: tls.key } }
                  - { address: gateway.example:8080 }
                keys: { two: [first-secret, second-secret] }
                deployments:
                  GPT-4o:
                    model: { format: OpenAI, name: gpt-4o, version: 2024-11-20 }
                    sku: { name: GlobalBatch, capacity: 7 }
                    operations: [embeddings, chat/completions]
                    extraParameters: pass-through
                    upstreams:
                      - { url: "HTTPS://h:8443/openai/", api: azure, model: m, deployment: d, apiVersion: 2025-04-01-preview,
                          key: k, priority: 2, weight: 3, ca: ca.pem, http: 2 }
                    timeouts: { connect: 1s, firstByte: 2s, idle: 3s, total: 4s }
                    retry: { attempts: 1, statuses: [], connectFailures: false, budgetPercent: 0, budgetMinPerSecond: 9 }
                  short: { model: gpt-4o, upstreams: [{ url: http://h }] }
                limits:
                  { requestLineBytes: 1001, headerBytes: 1KiB, headerCount: 3, answerHeaderBytes: 1025, bodyBytes: 5,
                    heldBytes: 1026, heldBytesPerExchange: 1027, heldBytesTotal: 1028, pipelinedBytes: 1029, connections: 10,
                    headerTime: 101ms, bodyIdle: 102ms, keepAliveIdle: 103ms, lingerTime: 4ms, jsonDepth: 15, textSpans: 16,
                    upstreamConnections: 17, upstreamStreams: 19, upstreamPending: 18, upstreamIdle: 109ms, upstreamPing: 110ms,
                    accessLogBytes: 65537, metricSeries: 123, decisions: 124, http2: { streams: 19, windowBytes: 1030, resets: 21, controlFrames: 122 },
                    contentFilter: { matchCharacters: 103, judgedBytes: 1032, answerBytes: 65636, batchCharacters: 104 } }
                transport: { eventLoops: 3, kind: nio }
                accessLog: { file: access.log }
                drain: 0s
                """);

        assertThat(config.listeners())
                .extracting(ListenerConfig::host, ListenerConfig::port)
                .containsExactly(tuple("::1", 0), tuple("gateway.example", 8080));
        assertThat(Hashes.key(config, "two").sha256()).containsExactly(sha256("first-secret"), sha256("second-secret"));
        assertThat(config.deployments().keySet()).containsExactly("GPT-4o", "short");
        assertThat(deployment(config, "short").model()).isEqualTo(new ModelConfig(null, "gpt-4o", null, null));
        DeploymentConfig deployment = deployment(config, "GPT-4o");
        assertThat(deployment.model()).isEqualTo(new ModelConfig("OpenAI", "gpt-4o", "2024-11-20", null));
        assertThat(deployment.sku()).isEqualTo(new SkuConfig(SkuConfig.Name.GLOBAL_BATCH, 7));
        assertThat(deployment.operations()).containsExactly(OperationName.EMBEDDINGS, OperationName.CHAT_COMPLETIONS);
        assertThat(deployment.extraParameters()).isEqualTo(ExtraParameters.PASS_THROUGH);
        assertThat(deployment.upstreams())
                .containsExactly(new UpstreamConfig(
                        URI.create("HTTPS://h:8443/openai"),
                        Api.AZURE,
                        "m",
                        "d",
                        "2025-04-01-preview",
                        new CredentialConfig.Key(new Secret("k")),
                        2,
                        3,
                        directory.resolve("ca.pem"),
                        Http.HTTP_2));
        assertThat(deployment.timeouts())
                .isEqualTo(new TimeoutsConfig(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(4)));
        assertThat(deployment.retry()).isEqualTo(new RetryConfig(1, Set.of(), false, 0, 9));
        assertThat(config.limits())
                .isEqualTo(new LimitsConfig(
                        1001,
                        1024,
                        3,
                        1025,
                        5,
                        1026,
                        1027,
                        1028,
                        1029,
                        10,
                        Duration.ofMillis(101),
                        Duration.ofMillis(102),
                        Duration.ofMillis(103),
                        Duration.ofMillis(4),
                        15,
                        16,
                        17,
                        19,
                        18,
                        Duration.ofMillis(109),
                        Duration.ofMillis(110),
                        new LimitsConfig.Http2(19, 1030, 21, 122),
                        new LimitsConfig.ContentFilter(103, 1032, 65636, 104),
                        65537,
                        123,
                        124));
        assertThat(config.transport()).isEqualTo(new TransportConfig(3, Kind.NIO));
        assertThat(config.accessLog()).isEqualTo(new AccessLogConfig(Target.FILE, directory.resolve("access.log")));
        assertThat(config.drain()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.10", "2024-11-20", "0x1F", "012", "1_000", "1e3", ".5", "12:30:45", "true", "off", "=", "<<"})
    void a_version_is_taken_as_it_is_written(String version) throws ConfigException {
        GatewayConfig config = load(
                "deployments: { a: { model: { name: m, version: " + version + " }, upstreams: [{ url: http://h }] } }");
        ModelConfig model = Objects.requireNonNull(deployment(config, "a").model());
        assertThat(model.version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"${MISTRAL_API_KEY}", "'${MISTRAL_API_KEY}'", "\"${MISTRAL_API_KEY}\"", "mistral${DASH}key"})
    void a_variable_needs_no_quotes_inside_braces(String key) throws ConfigException {
        GatewayConfig config = ConfigLoader.load(
                "deployments: { a: { upstreams: [{key: " + key + ", url: http://h}] } }",
                directory.resolve("headgate.yaml"),
                Map.of("MISTRAL_API_KEY", "mistral-key", "DASH", "-"));
        assertThat(deployment(config, "a").upstreams())
                .extracting(UpstreamConfig::credential)
                .containsExactly(new CredentialConfig.Key(new Secret("mistral-key")));
    }

    @Test
    void an_access_log_can_be_switched_off() throws ConfigException {
        GatewayConfig config = load("accessLog: off\ndeployments: { a: { upstreams: [{ url: http://h }] } }");
        assertThat(config.accessLog()).isEqualTo(new AccessLogConfig(Target.OFF, null));
    }

    @Test
    void access_lines_can_go_to_a_daemon_by_its_socket_or_by_its_address() throws ConfigException {
        String deployments = "\ndeployments: { a: { upstreams: [{ url: http://h }] } }";
        assertThat(load("accessLog: { syslog: /dev/log }" + deployments).accessLog())
                .isEqualTo(new AccessLogConfig(Target.SYSLOG, Path.of("/dev/log"), null, 8192));
        assertThat(load("accessLog: { syslog: \"logs.example:514\", datagramBytes: 480 }" + deployments)
                        .accessLog())
                .isEqualTo(new AccessLogConfig(
                        Target.SYSLOG, null, InetSocketAddress.createUnresolved("logs.example", 514), 480));
    }

    @Test
    void relative_files_are_found_from_the_configurations_directory_and_not_the_current_one() throws Exception {
        Path file = Files.createDirectory(directory.resolve("etc")).resolve("headgate.yaml");
        Files.writeString(file.resolveSibling("key.txt"), "from-a-file\r\n");
        Files.writeString(
                file, "keys: { demo: \"${file:key.txt}\" }\ndeployments: { a: { upstreams: [{ url: http://h }] } }");

        assertThat(Hashes.key(ConfigLoader.load(file, Map.of()), "demo").sha256())
                .containsExactly(sha256("from-a-file"));
    }

    @Test
    void what_was_loaded_cannot_be_changed() throws ConfigException {
        GatewayConfig config =
                load("keys: { demo: demo-secret }\ndeployments: { a: { upstreams: [{ url: http://h }] } }");
        assertThatThrownBy(() -> config.keys().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.deployments().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> deployment(config, "a").retry().statuses().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static DeploymentConfig deployment(GatewayConfig config, String name) {
        return Objects.requireNonNull(config.deployments().get(name), name);
    }

    private GatewayConfig load(String text) throws ConfigException {
        return ConfigLoader.load(text, directory.resolve("headgate.yaml"), ENVIRONMENT);
    }
}
