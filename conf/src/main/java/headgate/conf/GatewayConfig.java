package headgate.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator wrote, complete and valid.
 *
 * @param listeners addresses to listen on; default one, 127.0.0.1:8080
 * @param keys the callers' keys by name
 * @param identity how callers are known
 * @param permissions who may do what with which deployments; null when every known caller may do everything
 * @param deployments by name as written, in the file's order; no two names differ only in case
 * @param principalLimits what each caller may use of all deployments together; default as much as comes
 * @param tracing which exchanges are traced, and who is told; null when none is
 * @param admin where operators look in; null when it is off; default 127.0.0.1:9090
 * @param blocklists the lists of forbidden words, by name
 * @param judges the services that judge texts, by name
 * @param state the Redis that this node shares with others; null when its state is in memory
 * @param reloadTime between two looks at the files it was read from; 0 when nobody looks; default 2 s
 * @param handover the Unix socket by which another process takes the place of this one; null when none can
 * @param drain how long open exchanges may go on after the order to stop; default 30 s
 */
public record GatewayConfig(
        List<ListenerConfig> listeners,
        Map<String, KeyConfig> keys,
        IdentityConfig identity,
        @Nullable List<PermissionConfig> permissions,
        Map<String, DeploymentConfig> deployments,
        PrincipalLimitsConfig principalLimits,
        LimitsConfig limits,
        TransportConfig transport,
        AccessLogConfig accessLog,
        @Nullable TracingConfig tracing,
        @Nullable AdminConfig admin,
        Map<String, BlocklistConfig> blocklists,
        Map<String, JudgeConfig> judges,
        @Nullable RedisConfig state,
        Duration reloadTime,
        @Nullable Path handover,
        Duration drain) {}
