package headgate.proxy.telemetry;

import headgate.filters.identity.FailedAttempts;
import headgate.filters.quota.QuotaStanding;
import headgate.filters.redis.RedisLink;
import headgate.proxy.reload.ReloadHistory;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What there is to be looked at in a running gateway beside its exchanges; each part may be asked on any thread.
 *
 * @param ready whether new callers should come here
 * @param connections of callers, open now
 * @param heldBytes what all exchanges hold of their bodies
 * @param redis null without one
 */
public record ProxyState(
        BooleanSupplier ready,
        IntSupplier connections,
        LongSupplier heldBytes,
        Supplier<List<QuotaStanding>> quotas,
        FailedAttempts failures,
        AccessLog accessLog,
        ReloadHistory reloads,
        @Nullable RedisLink redis) {}
