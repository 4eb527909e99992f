package headgate.conf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator wrote, complete and valid.
 *
 * @param listeners addresses to listen on; default one, 127.0.0.1:8080
 * @param keys the callers' keys: name to one or two secrets, both valid, so that they can be rotated
 * @param deployments by name as written, in the file's order; no two names differ only in case
 * @param state the Redis that this node shares with others; null when its state is in memory
 * @param drain how long open exchanges may go on after the order to stop; default 30 s
 */
public record GatewayConfig(
        List<ListenerConfig> listeners,
        Map<String, List<Secret>> keys,
        Map<String, DeploymentConfig> deployments,
        PrincipalLimitsConfig principalLimits,
        LimitsConfig limits,
        TransportConfig transport,
        AccessLogConfig accessLog,
        @Nullable RedisConfig state,
        Duration drain) {}
