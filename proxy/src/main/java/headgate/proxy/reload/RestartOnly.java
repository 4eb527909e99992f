package headgate.proxy.reload;

import headgate.conf.GatewayConfig;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys that only a restart takes up: what they decide is built once, below all exchanges. */
final class RestartOnly {
    private record Key(String name, Function<GatewayConfig, @Nullable Object> value) {}

    private static final List<Key> KEYS = List.of(
            new Key("listeners", GatewayConfig::listeners),
            new Key("transport", GatewayConfig::transport),
            new Key("accessLog", GatewayConfig::accessLog),
            new Key("handover", GatewayConfig::handover),
            new Key("admin", GatewayConfig::admin),
            new Key("limits.metricSeries", config -> config.limits().metricSeries()),
            new Key("state", GatewayConfig::state),
            new Key("rateLimits.accounts", config -> config.principalLimits().accountsMax()),
            new Key("rateLimits.outage", config -> config.principalLimits().outage()),
            new Key("limits.decisions", config -> config.limits().decisions()),
            new Key("limits.accessLogBytes", config -> config.limits().accessLogBytes()));

    private RestartOnly() {}

    /** What is wrong with the next configuration as a reload of this one, one line each. */
    static List<String> changed(GatewayConfig now, GatewayConfig next) {
        return KEYS.stream()
                .filter(key -> !Objects.equals(key.value.apply(now), key.value.apply(next)))
                .map(key -> key.name + ": changed: expected what it was, or a restart, since a reload cannot change it")
                .toList();
    }
}
