package headgate.conf.yaml;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An address to bind, {@code host:port} or {@code [IPv6]:port}; read unresolved, an IPv6 host without its brackets. */
public record AddressFormat() implements Format<InetSocketAddress> {
    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?):([0-9]{1,5})");

    @Override
    public @Nullable InetSocketAddress read(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65535) {
            return null;
        }
        String host = address.group(1);
        if (host.startsWith("[")) {
            try {
                // In brackets only a literal is taken, so that nothing is asked of DNS.
                InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                return null;
            }
            host = host.substring(1, host.length() - 1);
        }
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(address.group(2)));
    }

    @Override
    public String expected() {
        return "host:port, such as 127.0.0.1:8080 or [::1]:8080";
    }

    @Override
    public String write(InetSocketAddress value) {
        String host = value.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + value.getPort();
    }
}
