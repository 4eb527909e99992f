package headgate.conf;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Redis that nodes share.
 *
 * @param url where it is
 * @param password shown to it; null when none is asked for
 * @param ca PEM file with the authorities to trust instead of the system's; null for those
 * @param deadline how long one command may take; default 10 ms
 * @param prefix what the names of all keys there begin with; default {@code headgate}
 */
public record RedisConfig(
        Url url, @Nullable Secret password, @Nullable Path ca, Duration deadline, String prefix) {

    /** What answers behind the addresses. */
    public enum Kind {
        /** One Redis, or what stands in front of several and looks like one. */
        SINGLE,
        /** Sentinels, which know the master. */
        SENTINEL,
        /** Some nodes of a cluster, which know the others. */
        CLUSTER
    }

    /**
     * Where Redis is, taken apart.
     *
     * @param tls whether it is spoken to over TLS
     * @param user the name shown to it; null for its default user
     * @param password from the URL; null when none stands there
     * @param nodes addresses, unresolved; one when single, else one or more
     * @param database its number; 0 in a cluster
     * @param master the name that Sentinels know the master by; null without Sentinels
     */
    public record Url(
            Kind kind,
            boolean tls,
            @Nullable String user,
            @Nullable Secret password,
            List<InetSocketAddress> nodes,
            int database,
            @Nullable String master) {}
}
