package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;

/** All upstream connections of one event loop. */
public final class UpstreamPool extends Deadlines.Timed {
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final IdentityHashMap<Endpoint, EndpointPool> pools = new IdentityHashMap<>();
    private final EventLoop loop;
    private final UpstreamConnector connector;
    private final LimitsConfig limits;
    private final Deadlines deadlines;

    /** The pool of one event loop. */
    public UpstreamPool(
            EventLoop loop,
            Class<? extends SocketChannel> channelType,
            AddressResolverGroup<InetSocketAddress> resolvers,
            LimitsConfig limits,
            Deadlines deadlines) {
        this.loop = loop;
        this.connector = new UpstreamConnector(loop, channelType, resolvers, limits);
        this.limits = limits;
        this.deadlines = deadlines;
    }

    EndpointPool of(Endpoint endpoint) {
        assert loop.inEventLoop();
        EndpointPool pool = pools.get(endpoint);
        if (pool == null) {
            if (pools.isEmpty()) {
                deadlines.add(this);
                deadline(System.nanoTime() + SWEEP_NANOS);
            }
            pool = new EndpointPool(endpoint, connector, limits);
            pools.put(endpoint, pool);
        }
        return pool;
    }

    /** The deadlines of the same event loop. */
    Deadlines deadlines() {
        return deadlines;
    }

    @Override
    protected void expired(long nowNanos) {
        long before = nowNanos - limits.upstreamIdle().toNanos();
        pools.values().forEach(pool -> pool.sweep(nowNanos, before));
        deadline(nowNanos + SWEEP_NANOS);
    }
}
