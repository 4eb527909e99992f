package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.filters.api.ProxyError;
import headgate.proxy.routing.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint: bounded, the last used first, closed when idle for long.
 */
final class EndpointPool {
    /** Whoever waits for a connection. */
    interface Waiter {
        /** Here it is; it belongs to the waiter. */
        void connected(UpstreamConnection connection);

        /** There is none to be had. */
        void notConnected(ProxyError error);
    }

    private record Idle(UpstreamConnection connection, long sinceNanos) {}

    private final Endpoint endpoint;
    private final UpstreamConnector connector;
    private final LimitsConfig limits;
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private int open;
    private int connecting;

    EndpointPool(Endpoint endpoint, UpstreamConnector connector, LimitsConfig limits) {
        this.endpoint = endpoint;
        this.connector = connector;
        this.limits = limits;
    }

    /**
     * Asks for a connection; the waiter is called at once when one is idle.
     *
     * @param fresh whether it must be a new one, since a kept one has just failed
     */
    void acquire(Waiter waiter, boolean fresh) {
        UpstreamConnection kept = fresh ? null : takeIdle();
        if (kept != null) {
            waiter.connected(kept);
            return;
        }
        if (waiting.size() >= limits.upstreamPending()) {
            waiter.notConnected(ProxyError.retryLater(
                    ProxyError.Kind.UNAVAILABLE, "Too many requests wait for a connection to the upstream.", 1000));
            return;
        }
        waiting.add(waiter);
        connectForThoseWaiting();
    }

    /** The waiter has gone; a connection that is on its way for it stays for another. */
    void forget(Waiter waiter) {
        waiting.remove(waiter);
    }

    /** An exchange is done with this connection. */
    void giveBack(UpstreamConnection connection) {
        Waiter next = waiting.poll();
        if (next != null) {
            next.connected(connection);
        } else {
            idle.push(new Idle(connection, System.nanoTime()));
        }
    }

    void closed(UpstreamConnection connection) {
        open--;
        idle.removeIf(kept -> kept.connection == connection);
        connectForThoseWaiting();
    }

    /** Closes what has been idle since before the given time. */
    void closeIdle(long beforeNanos) {
        List<UpstreamConnection> old = new ArrayList<>(0);
        while (!idle.isEmpty() && idle.getLast().sinceNanos - beforeNanos <= 0) {
            old.add(idle.removeLast().connection);
        }
        old.forEach(connection -> connection.channel().close());
    }

    /** How many connections are open or being opened. */
    int open() {
        return open + connecting;
    }

    private @Nullable UpstreamConnection takeIdle() {
        Idle kept = idle.poll();
        while (kept != null && !kept.connection.usable()) {
            kept = idle.poll();
        }
        return kept == null ? null : kept.connection;
    }

    private void connectForThoseWaiting() {
        while (connecting < waiting.size() && open() < limits.upstreamConnections()) {
            connecting++;
            connector.connect(endpoint, this, new UpstreamConnector.Result() {
                @Override
                public void connected(UpstreamConnection connection) {
                    connecting--;
                    open++;
                    connection.pooled();
                    giveBack(connection);
                }

                @Override
                public void notConnected(ProxyError error) {
                    connecting--;
                    Waiter waiter = waiting.poll();
                    if (waiter != null) {
                        waiter.notConnected(error);
                    }
                    connectForThoseWaiting();
                }
            });
        }
    }
}
