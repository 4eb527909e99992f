package headgate.filters;

import headgate.conf.LimitsConfig;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on what all exchanges of the process hold together, in bytes of memory.
 *
 * <p>Shared by all event loops.
 */
public final class HeldBytes {
    private final AtomicLong held = new AtomicLong();
    private volatile long totalMax;
    private volatile int perExchangeMax;

    /** Takes the bounds from the configuration. */
    public HeldBytes(LimitsConfig limits) {
        this.totalMax = limits.heldBytesTotal();
        this.perExchangeMax = limits.heldBytesPerExchange();
    }

    /** Takes the bounds from another configuration; what is held stays. */
    public void limits(LimitsConfig next) {
        totalMax = next.heldBytesTotal();
        perExchangeMax = next.heldBytesPerExchange();
    }

    /** Most that one exchange may hold. */
    int perExchangeMax() {
        return perExchangeMax;
    }

    /** Books so many bytes, or returns false when they do not fit. */
    public boolean tryReserve(long bytes) {
        if (held.addAndGet(bytes) <= totalMax) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives so many bytes back. */
    public void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** What is held now. */
    public long held() {
        return held.get();
    }
}
