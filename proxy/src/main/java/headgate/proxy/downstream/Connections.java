package headgate.proxy.downstream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open downstream connections of one event loop, so that they can be told to finish.
 *
 * <p>Confined to its event loop, but for the count that all loops share.
 */
public final class Connections {
    private final Set<ConnectionHandler> open = new HashSet<>();
    private final AtomicInteger total;
    private int totalMax;
    private boolean draining;

    /**
     * The connections of one loop.
     *
     * @param total how many all loops have open together
     * @param totalMax how many they may have
     */
    public Connections(AtomicInteger total, int totalMax) {
        this.total = total;
        this.totalMax = totalMax;
    }

    /** They may have so many from now on; open ones stay. */
    public void totalMax(int next) {
        totalMax = next;
    }

    /** Takes a new connection in, or returns false when there are too many. */
    boolean tryAdd(ConnectionHandler connection) {
        if (total.incrementAndGet() > totalMax) {
            total.decrementAndGet();
            return false;
        }
        open.add(connection);
        return true;
    }

    void remove(ConnectionHandler connection) {
        if (open.remove(connection)) {
            total.decrementAndGet();
        }
    }

    /** Whether connections end with the exchange they are in. */
    boolean draining() {
        return draining;
    }

    /** Idle connections close now, the others when their exchange is over. */
    public void drain() {
        draining = true;
        new ArrayList<>(open).forEach(ConnectionHandler::drain);
    }

    /** Whatever is still open is cut. */
    public void cut() {
        new ArrayList<>(open).forEach(ConnectionHandler::cut);
    }
}
