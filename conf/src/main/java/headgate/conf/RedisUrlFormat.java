package headgate.conf;

import headgate.conf.RedisConfig.Kind;
import headgate.conf.yaml.AddressFormat;
import headgate.conf.yaml.Format;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a Redis: {@code redis://[USER][:PASSWORD@]HOST[:PORT][/DATABASE]}, {@code rediss://} over TLS.
 *
 * <p>{@code redis-sentinel://HOST,HOST/DATABASE#MASTER} asks Sentinels for the master, {@code redis-cluster://HOST,HOST} is
 * a cluster; {@code rediss-sentinel} and {@code rediss-cluster} are those over TLS. User and password are percent-encoded.
 */
record RedisUrlFormat() implements Format<RedisConfig.Url> {
    private static final int CHARS_MAX = 4096;
    private static final int NODES_MAX = 64;
    private static final Pattern URL =
            Pattern.compile("redis(s?)(-sentinel|-cluster)?://(?:([^@/?#\\s:]*)(?::([^@/?#\\s]*))?@)?"
                    + "([^@/?#\\s]+?)(?:/([0-9]{1,3})?)?(?:#([A-Za-z0-9._-]{1,64}))?");
    private static final Pattern SCHEME = Pattern.compile("rediss?(-sentinel|-cluster)?://");
    private static final Pattern PORT = Pattern.compile(".*:[0-9]{1,5}|\\[.*]:[0-9]{1,5}");
    private static final AddressFormat ADDRESS = new AddressFormat();

    @Override
    public RedisConfig.@Nullable Url read(String text) {
        Matcher url = URL.matcher(text);
        if (text.length() > CHARS_MAX || !url.matches()) {
            return null;
        }
        Kind kind =
                url.group(2) == null ? Kind.SINGLE : url.group(2).equals("-sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
        List<InetSocketAddress> nodes = nodes(url.group(5), kind == Kind.SENTINEL ? 26379 : 6379);
        int database = url.group(6) == null ? 0 : Integer.parseInt(url.group(6));
        boolean fits = (kind != Kind.SINGLE || nodes.size() == 1)
                && (kind == Kind.SENTINEL) == (url.group(7) != null)
                && (kind != Kind.CLUSTER || database == 0);
        if (nodes.isEmpty() || !fits) {
            return null;
        }
        try {
            String user = decode(url.group(3));
            String password = decode(url.group(4));
            return new RedisConfig.Url(
                    kind,
                    !url.group(1).isEmpty(),
                    user,
                    password == null ? null : new Secret(password),
                    nodes,
                    database,
                    url.group(7));
        } catch (IllegalArgumentException e) {
            return null; // A broken escape.
        }
    }

    @Override
    public String expected() {
        return "a URL such as redis://:PASSWORD@HOST:6379, rediss://HOST, redis-sentinel://HOST,HOST#MASTER or"
                + " redis-cluster://HOST,HOST";
    }

    /** A password may stand anywhere in what is not well-formed. */
    @Override
    public String shown(String written) {
        Matcher scheme = SCHEME.matcher(written);
        return "\"" + (scheme.lookingAt() ? scheme.group() : "") + "***\"";
    }

    private static List<InetSocketAddress> nodes(String text, int otherwise) {
        List<InetSocketAddress> nodes = new ArrayList<>();
        for (String node : text.split(",", NODES_MAX + 1)) {
            InetSocketAddress address = ADDRESS.read(PORT.matcher(node).matches() ? node : node + ":" + otherwise);
            if (address == null || address.getPort() == 0) {
                return List.of();
            }
            nodes.add(address);
        }
        return List.copyOf(nodes);
    }

    private static @Nullable String decode(@Nullable String text) {
        return text == null || text.isEmpty()
                ? null
                : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
