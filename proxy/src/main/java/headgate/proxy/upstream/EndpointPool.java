package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.conf.UpstreamConfig.Http;
import headgate.filters.api.ProxyError;
import headgate.proxy.routing.Endpoint;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint: bounded, the last used first, closed when idle for long.
 *
 * <p>As long as nobody knows whether the upstream speaks HTTP/2, one connection is opened and everyone waits for it: it may
 * serve them all. The pool of an endpoint that is no longer in the configuration is retired: its connections serve the exchanges
 * that have them or wait for them, and close.
 */
final class EndpointPool {
    /** Whoever waits for a connection. */
    interface Waiter {
        /** Here it is; it belongs to the waiter. */
        void connected(UpstreamLane lane);

        /** There is none to be had. */
        void notConnected(ProxyError error);
    }

    private record Idle(UpstreamConnection connection, long sinceNanos) {}

    private final Endpoint endpoint;
    private final UpstreamConnector connector;
    private LimitsConfig limits;
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private final List<Http2Connection> shared = new ArrayList<>(0);
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private int open;
    private int connecting;
    /** How many exchanges a connection is expected to serve at once. */
    private int perConnection;

    private boolean retired;

    EndpointPool(Endpoint endpoint, UpstreamConnector connector, LimitsConfig limits) {
        this.endpoint = endpoint;
        this.connector = connector;
        this.limits = limits;
        // As long as it may still connect, whatever becomes of the configuration that it was made by.
        ReferenceCountUtil.retain(endpoint.tls());
        boolean http1 = endpoint.http() == Http.HTTP_1 || (endpoint.http() == Http.AUTO && endpoint.tls() == null);
        this.perConnection = http1 ? 1 : Integer.MAX_VALUE;
    }

    /**
     * Asks for a connection; the waiter is called at once when one is idle, or takes one more stream.
     *
     * @param fresh whether it must not be an idle one, since a kept one has just failed
     */
    void acquire(Waiter waiter, boolean fresh) {
        UpstreamLane kept = takeStream();
        if (kept == null && !fresh) {
            kept = takeIdle();
        }
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
        } else if (retired) {
            connection.channel().close();
        } else {
            idle.push(new Idle(connection, System.nanoTime()));
        }
    }

    /** This connection may take more streams. */
    void roomIn(Http2Connection connection) {
        while (!waiting.isEmpty()) {
            UpstreamLane stream = connection.tryOpen();
            if (stream == null) {
                break;
            }
            waiting.remove().connected(stream);
        }
    }

    void closed(Http2Connection connection) {
        open--;
        shared.remove(connection);
        connectForThoseWaiting();
    }

    void closed(UpstreamConnection connection) {
        open--;
        idle.removeIf(kept -> kept.connection == connection);
        connectForThoseWaiting();
    }

    /** No configuration has this endpoint any more: what is idle closes now, and the rest when its exchanges are over. */
    void retire() {
        retired = true;
        List<Idle> unused = List.copyOf(idle);
        idle.clear();
        unused.forEach(kept -> kept.connection.channel().close());
        List.copyOf(shared).forEach(Http2Connection::retire);
    }

    /** Ends a retired pool in which nothing goes on; returns whether it has. */
    boolean tryClose() {
        boolean over = retired && open() == 0 && waiting.isEmpty();
        if (over) {
            ReferenceCountUtil.release(endpoint.tls());
        }
        return over;
    }

    /** What holds from now on. */
    void limits(LimitsConfig next) {
        limits = next;
    }

    /** Closes what has been idle since before the given time, and what no longer lives. */
    void sweep(long nowNanos, long beforeNanos) {
        shared.forEach(connection -> connection.sweep(nowNanos, beforeNanos));
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

    private @Nullable UpstreamLane takeStream() {
        for (Http2Connection connection : shared) {
            UpstreamLane stream = connection.tryOpen();
            if (stream != null) {
                return stream;
            }
        }
        return null;
    }

    private void connectForThoseWaiting() {
        while ((long) connecting * perConnection < waiting.size() && open() < limits.upstreamConnections()) {
            connecting++;
            connector.connect(endpoint, this, new Connecting());
        }
    }

    private final class Connecting implements UpstreamConnector.Result {
        @Override
        public void connected(UpstreamConnection connection) {
            connecting--;
            open++;
            perConnection = 1;
            connection.pooled();
            giveBack(connection);
            connectForThoseWaiting();
        }

        @Override
        public void connected(Http2Connection connection) {
            connecting--;
            open++;
            perConnection = connection.streamsMax();
            shared.add(connection);
            roomIn(connection);
            connectForThoseWaiting();
            if (retired) {
                connection.retire();
            }
        }

        /** Those whom no other connection on its way can serve are told; one at least. */
        @Override
        public void notConnected(ProxyError error) {
            connecting--;
            long unserved = Math.min(perConnection, waiting.size() - (long) connecting * perConnection);
            for (long told = 0; told == 0 || told < unserved; told++) {
                Waiter waiter = waiting.poll();
                if (waiter == null) {
                    break;
                }
                waiter.notConnected(error);
            }
            connectForThoseWaiting();
        }
    }
}
