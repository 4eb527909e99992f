package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.EndpointHealth;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All upstream connections of one event loop.
 *
 * <p>They are kept by the health of their endpoint, which is what goes on when the configuration is replaced by one in which
 * the endpoint is the same.
 */
public final class UpstreamPool extends Deadlines.Timed {
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final IdentityHashMap<EndpointHealth, EndpointPool> pools = new IdentityHashMap<>();
    private final EventLoop loop;
    private final UpstreamConnector connector;
    private LimitsConfig limits;
    /** Those of the configuration in force; null as long as it is the first. */
    private @Nullable Set<EndpointHealth> inForce;

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
        EndpointPool pool = pools.get(endpoint.health());
        if (pool == null) {
            if (pools.isEmpty()) {
                deadlines.add(this);
                deadline(System.nanoTime() + SWEEP_NANOS);
            }
            pool = new EndpointPool(endpoint, connector, limits);
            pools.put(endpoint.health(), pool);
            if (inForce != null && !inForce.contains(endpoint.health())) {
                pool.retire();
            }
        }
        return pool;
    }

    /**
     * Another configuration is in force: connections to endpoints that are not in it close as soon as no exchange uses them.
     *
     * @param known of all its endpoints
     */
    public void replace(Set<EndpointHealth> known, LimitsConfig next) {
        assert loop.inEventLoop();
        inForce = known;
        limits = next;
        connector.limits(next);
        pools.forEach((health, pool) -> {
            pool.limits(next);
            if (!known.contains(health)) {
                pool.retire();
            }
        });
    }

    /** How many connections there are, to all endpoints. */
    public int open() {
        assert loop.inEventLoop();
        return pools.values().stream().mapToInt(EndpointPool::open).sum();
    }

    /** The deadlines of the same event loop. */
    Deadlines deadlines() {
        return deadlines;
    }

    @Override
    protected void expired(long nowNanos) {
        long before = nowNanos - limits.upstreamIdle().toNanos();
        pools.values().forEach(pool -> pool.sweep(nowNanos, before));
        pools.values().removeIf(EndpointPool::tryClose);
        if (pools.isEmpty()) {
            deadlines.remove(this);
        } else {
            deadline(nowNanos + SWEEP_NANOS);
        }
    }
}
