package headgate.conf;

import headgate.conf.TransportConfig.Kind;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.FileFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outermost section: what there is to be set, in the order of the reference. */
final class GatewayReader {
    /** Names of deployments; CONTRACT.md, section 1. Callers' names follow the same rule. */
    static final TextFormat NAME = new TextFormat(
            "[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}",
            "1 to 64 letters, digits, dots, underscores or hyphens, the first a letter or a digit");

    private static final int NAMES_MAX = 10_000;
    private static final int EVENT_LOOPS_MAX = 256;
    private static final DurationFormat DRAIN = new DurationFormat(Duration.ZERO, Duration.ofHours(1));
    private static final DurationFormat RELOAD = new DurationFormat(Duration.ZERO, Duration.ofHours(1));
    private static final Format<Kind> KIND = new WordFormat<>(List.of(Kind.values()), Kind::word);
    private final Path directory;

    GatewayReader(Path directory) {
        this.directory = directory;
    }

    GatewayConfig read(Section root) {
        List<ListenerConfig> listeners = new ListenerReader(directory).read(root);
        Map<String, KeyConfig> keys = KeysReader.read(root.section("keys"), new Bounds(0, NAMES_MAX));
        IdentityConfig identity = new IdentityReader(directory).read(root.section("identity"));
        CredentialReader credentials = new CredentialReader(directory).read(root.section("credentials"));
        RedisConfig state = new StateReader(directory).read(root);
        boolean memory = state == null && !root.holdsMap("state") && root.sound("state");
        Map<String, BlocklistConfig> blocklists = BlocklistReader.read(root.section("blocklists"), !memory);
        Map<String, JudgeConfig> judges = new JudgeReader(directory).read(root.section("judges"));
        ContentFilterReader contentFilters = new ContentFilterReader(blocklists, judges).read(root);
        Map<String, DeploymentConfig> deployments =
                deployments(root, new DeploymentReader(directory, credentials, contentFilters));
        return new GatewayConfig(
                listeners,
                keys,
                identity,
                new PermissionReader(state == null ? keys.keySet() : null, deployments.keySet()).read(root),
                deployments,
                QuotaReader.ofPrincipals(root.section("rateLimits"), new Bounds(0, NAMES_MAX)),
                LimitsReader.read(root.section("limits")),
                transport(root.section("transport")),
                new AccessLogReader(directory).read(root),
                new TracingReader(directory).read(root),
                new AdminReader(directory).read(root),
                blocklists,
                judges,
                state,
                root.read("reloadTime", RELOAD, Duration.ofSeconds(2)),
                root.find("handover", FileFormat.writable(directory)),
                root.read("drain", DRAIN, Duration.ofSeconds(30)));
    }

    private static Map<String, DeploymentConfig> deployments(Section root, DeploymentReader reader) {
        Map<String, DeploymentConfig> deployments = new LinkedHashMap<>();
        PolicyReader policy = new PolicyReader(root);
        Section section = root.requireSection("deployments", "a map of deployments by name");
        if (section != null) {
            for (String name : section.names(NAME, new Bounds(1, NAMES_MAX))) {
                Section deployment = section.requireSection(name, "a map with at least upstreams");
                if (deployment != null) {
                    DeploymentConfig read = reader.read(name, deployment);
                    policy.judge(section, read);
                    deployments.put(name, read);
                }
            }
        }
        return Collections.unmodifiableMap(deployments);
    }

    private static TransportConfig transport(Section transport) {
        int processors = Math.min(Runtime.getRuntime().availableProcessors(), EVENT_LOOPS_MAX);
        CountFormat loops = new CountFormat(1, EVENT_LOOPS_MAX);
        return new TransportConfig(
                transport.read("eventLoops", loops, processors, "the number of processors"),
                transport.read("kind", KIND, Kind.AUTO));
    }
}
