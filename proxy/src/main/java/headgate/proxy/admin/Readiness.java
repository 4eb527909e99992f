package headgate.proxy.admin;

import headgate.filters.redis.RedisLink;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether new callers should be sent here, and why not.
 *
 * <p>Redis being away is told and does not count: every part that uses it has an outage policy of its own, a node without it
 * serves, and all nodes share one Redis, so that they would all be taken out at once.
 */
public final class Readiness {
    /** How far the gateway is. */
    public enum Phase {
        STARTING,
        SERVING,
        DRAINING
    }

    private final Supplier<Phase> phase;
    private final @Nullable RedisLink redis;
    private final BooleanSupplier listsKnown;

    /**
     * Looks at these.
     *
     * @param redis null where nothing is shared
     * @param listsKnown whether every shared blocklist was read at some time
     */
    public Readiness(Supplier<Phase> phase, @Nullable RedisLink redis, BooleanSupplier listsKnown) {
        this.phase = phase;
        this.redis = redis;
        this.listsKnown = listsKnown;
    }

    /** 200 when it is ready, else 503; with the reasons, which strangers may read. */
    public AdminAnswer answer() {
        Phase now = phase.get();
        boolean ready = now == Phase.SERVING;
        return AdminAnswer.json(ready ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", ready);
            json.writeArrayFieldStart("reasons");
            if (now == Phase.STARTING) {
                json.writeString("not all listeners are up yet");
            } else if (now == Phase.DRAINING) {
                json.writeString("draining: open exchanges may finish, and no new ones are taken");
            }
            if (redis != null && !redis.status().up()) {
                json.writeString("Redis is away (by policy this does not make the node unready)");
            }
            if (!listsKnown.getAsBoolean()) {
                json.writeString("shared blocklists have the items of the configuration alone: Redis was not read yet");
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
