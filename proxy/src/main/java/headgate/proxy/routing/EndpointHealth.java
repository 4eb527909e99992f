package headgate.proxy.routing;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Until when an endpoint is better left alone.
 *
 * <p>Shared by all event loops.
 */
public final class EndpointHealth {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong coolUntilNanos = new AtomicLong(NEVER);

    EndpointHealth() {}

    /** Leaves the endpoint alone for so long, or longer if that was decided already. */
    public void coolDown(long nanos, long nowNanos) {
        coolUntilNanos.accumulateAndGet(nowNanos + nanos, (old, next) -> old == NEVER || next - old > 0 ? next : old);
    }

    /** How long it is still to be left alone; 0 when it can be used. */
    public long coolingNanos(long nowNanos) {
        long until = coolUntilNanos.get();
        return until == NEVER ? 0 : Math.max(0, until - nowNanos);
    }

    /** It has answered well. */
    public void recovered() {
        if (coolUntilNanos.get() != NEVER) {
            coolUntilNanos.set(NEVER);
        }
    }
}
