package headgate.conf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses that have their first bits in common (RFC 4632; RFC 4291, section 2.3).
 *
 * <p>An IPv4 address that is written as an IPv6 one ({@code ::ffff:192.0.2.1}) is the IPv4 address, here and everywhere.
 *
 * @param address the first address; no bit is set behind the prefix
 * @param prefix how many bits are common; 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Network(InetAddress address, int prefix) {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final int MAPPED_BITS = 96;

    /** Reads an address as it is written in digits; null for anything else. Nothing is asked of DNS. */
    public static @Nullable InetAddress address(String text) {
        boolean ipv6 = text.indexOf(':') >= 0 && IPV6.matcher(text).matches();
        if (!ipv6 && !IPV4.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(ipv6 ? "[" + text + "]" : text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Reads {@code ADDRESS/BITS}, or one address; null for anything else, and where bits are set behind the prefix. */
    static @Nullable Network read(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = address(literal);
        if (address == null) {
            return null;
        }
        int bits = address.getAddress().length * Byte.SIZE;
        String written = slash < 0 ? "" : text.substring(slash + 1);
        if (slash >= 0 && !PREFIX.matcher(written).matches()) {
            return null;
        }
        boolean mapped = address instanceof Inet4Address && literal.indexOf(':') >= 0;
        int prefix = slash < 0 ? bits : Integer.parseInt(written) - (mapped ? MAPPED_BITS : 0);
        boolean fits = prefix >= 0 && prefix <= bits && isClear(address.getAddress(), prefix);
        return fits ? new Network(address, prefix) : null;
    }

    /** Whether the address is one of this network. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int i = 0; i < mine.length; i++) {
            if (((mine[i] ^ theirs[i]) & mask(prefix, i)) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }

    private static boolean isClear(byte[] address, int prefix) {
        for (int i = 0; i < address.length; i++) {
            if ((address[i] & 0xFF & ~mask(prefix, i)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The bits of byte {@code i} that belong to the prefix. */
    private static int mask(int prefix, int i) {
        int bits = Math.min(Math.max(prefix - i * Byte.SIZE, 0), Byte.SIZE);
        return 0xFF00 >> bits & 0xFF;
    }
}
