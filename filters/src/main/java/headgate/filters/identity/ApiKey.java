package headgate.filters.identity;

import headgate.conf.KeyConfig;
import headgate.conf.Network;
import headgate.filters.Principal;
import headgate.filters.Reach;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;

/**
 * One caller's key, ready to be judged.
 *
 * @param expiresMs Unix time in milliseconds from which on it is nobody's
 * @param networks where it may come from; empty for anywhere
 */
record ApiKey(Principal principal, long expiresMs, List<Network> networks) {
    static ApiKey of(KeyConfig key) {
        Instant expires = key.expires();
        return new ApiKey(
                new Principal(key.name(), List.of("key:" + key.name()), new Reach(key.deployments(), key.surfaces())),
                expires == null ? Long.MAX_VALUE : expires.toEpochMilli(),
                key.networks());
    }

    /** Whether it is good now, from there. */
    boolean holds(SocketAddress source) {
        if (expiresMs != Long.MAX_VALUE && System.currentTimeMillis() >= expiresMs) {
            return false;
        }
        return networks.isEmpty()
                || (source instanceof InetSocketAddress address
                        && networks.stream().anyMatch(network -> network.contains(address.getAddress())));
    }
}
