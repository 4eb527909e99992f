package headgate.conf;

import headgate.conf.DeploymentConfig.ExtraParameters;
import headgate.conf.DeploymentConfig.OperationName;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.EitherFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One deployment, with everything that is decided for it. */
final class DeploymentReader {
    /** Names that upstreams and publishers give: they stand in JSON and in headers, whatever they look like. */
    static final TextFormat MODEL =
            new TextFormat("[\\x21-\\x7E]{1,256}", "a model's name of 1 to 256 visible ASCII characters");

    private static final Format<String> MODEL_ONLY =
            new EitherFormat<>(MODEL, "a map of format, name, version and retires");
    private static final TextFormat MODEL_FACT =
            new TextFormat("[\\x20-\\x7E]{1,64}", "a text of 1 to 64 ASCII characters");
    private static final Format<SkuConfig.Name> SKU =
            new WordFormat<>(List.of(SkuConfig.Name.values()), SkuConfig.Name::word);
    private static final CountFormat CAPACITY = new CountFormat(1, 1_000_000);
    private static final Format<OperationName> OPERATION =
            new WordFormat<>(List.of(OperationName.values()), OperationName::word);
    private static final Format<ExtraParameters> EXTRA =
            new WordFormat<>(List.of(ExtraParameters.values()), ExtraParameters::word);
    private static final DurationFormat CONNECT = new DurationFormat(Duration.ofMillis(1), Duration.ofMinutes(5));
    private static final DurationFormat PHASE = new DurationFormat(Duration.ofMillis(1), Duration.ofHours(24));
    private static final Bounds UPSTREAMS = new Bounds(1, 64);

    private final UpstreamReader upstreams;
    private final ContentFilterReader contentFilters;

    DeploymentReader(Path directory, CredentialReader credentials, ContentFilterReader contentFilters) {
        this.upstreams = new UpstreamReader(directory, credentials);
        this.contentFilters = contentFilters;
    }

    DeploymentConfig read(String name, Section deployment) {
        ModelConfig model = model(deployment);
        SkuConfig sku = sku(deployment.findSection("sku", "a map of name and capacity"));
        return new DeploymentConfig(
                name,
                model,
                sku,
                deployment.read("paused", WordFormat.FLAG, false),
                inOrder(deployment.readList("operations", OPERATION, new Bounds(1, 64), List.of())),
                deployment.read("extraParameters", EXTRA, ExtraParameters.ERROR),
                deployment.requireSections("upstreams", UPSTREAMS).stream()
                        .map(upstreams::read)
                        .filter(Objects::nonNull)
                        .toList(),
                timeouts(deployment.section("timeouts")),
                retry(deployment.section("retry")),
                QuotaReader.ofDeployment(deployment, sku),
                contentFilters.of(deployment));
    }

    private static @Nullable ModelConfig model(Section deployment) {
        if (!deployment.holds("model") || deployment.holdsText("model")) {
            String name = deployment.find("model", MODEL_ONLY);
            return name == null ? null : new ModelConfig(null, name, null, null);
        }
        Section model = deployment.findSection("model", MODEL_ONLY.expected());
        if (model == null) {
            return null;
        }
        String format = model.find("format", MODEL_FACT);
        String name = model.require("name", MODEL);
        String version = model.find("version", MODEL_FACT);
        Instant retires = model.find("retires", new ExpiryFormat());
        return name == null ? null : new ModelConfig(format, name, version, retires);
    }

    private static @Nullable SkuConfig sku(@Nullable Section sku) {
        if (sku == null) {
            return null;
        }
        SkuConfig.Name name = sku.require("name", SKU);
        Integer capacity = sku.require("capacity", CAPACITY);
        return name == null || capacity == null ? null : new SkuConfig(name, capacity);
    }

    private static TimeoutsConfig timeouts(Section timeouts) {
        return new TimeoutsConfig(
                timeouts.read("connect", CONNECT, Duration.ofSeconds(5)),
                timeouts.read("firstByte", PHASE, Duration.ofMinutes(29)),
                timeouts.read("idle", PHASE, Duration.ofMinutes(2)),
                timeouts.read("total", PHASE, Duration.ofMinutes(60)));
    }

    private static RetryConfig retry(Section retry) {
        return new RetryConfig(
                retry.read("attempts", new CountFormat(1, 10), 3),
                inOrder(retry.readList(
                        "statuses", new CountFormat(400, 599), new Bounds(0, 64), List.of(429, 500, 502, 503, 504))),
                retry.read("connectFailures", WordFormat.FLAG, true),
                retry.read("budgetPercent", new CountFormat(0, 100), 20),
                retry.read("budgetMinPerSecond", new CountFormat(0, 10_000), 5));
    }

    private static <T> Set<T> inOrder(List<T> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }
}
