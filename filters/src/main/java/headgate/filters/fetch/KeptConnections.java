package headgate.filters.fetch;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections without a request, the one used last in front; each is taken on its own loop only. */
final class KeptConnections {
    private record Place(
            EventLoop loop, String authority, @Nullable SslContext tls) {}

    private final Duration idle;
    private final Map<Place, ConcurrentLinkedDeque<FetchHandler>> kept = new ConcurrentHashMap<>();

    KeptConnections(Duration idle) {
        this.idle = idle;
    }

    /** Whether any are kept at all. */
    boolean any() {
        return !idle.isZero();
    }

    @Nullable
    FetchHandler take(EventLoop loop, FetchRequest request) {
        ConcurrentLinkedDeque<FetchHandler> at = any() ? kept.get(place(loop, request)) : null;
        return at == null ? null : at.poll();
    }

    /** Keeps a connection for a while; false when none are kept. */
    boolean keep(EventLoop loop, FetchRequest request, FetchHandler connection) {
        if (!any()) {
            return false;
        }
        ConcurrentLinkedDeque<FetchHandler> at =
                kept.computeIfAbsent(place(loop, request), place -> new ConcurrentLinkedDeque<>());
        at.push(connection);
        loop.schedule(() -> sweep(at, connection), idle.toNanos(), TimeUnit.NANOSECONDS);
        return true;
    }

    /** One that was taken and given back meanwhile goes early, which costs no more than a new one. */
    private static void sweep(ConcurrentLinkedDeque<FetchHandler> at, FetchHandler connection) {
        if (at.remove(connection)) {
            connection.close();
        }
    }

    private static Place place(EventLoop loop, FetchRequest request) {
        return new Place(loop, request.url().getRawAuthority(), request.tls());
    }
}
