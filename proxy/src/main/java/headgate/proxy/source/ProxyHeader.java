package headgate.proxy.source;

import headgate.conf.Network;
import headgate.filters.http.FramingException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a balancer says of a connection before anything else (HAProxy's "The PROXY protocol", versions 1 and 2).
 *
 * <p>The addresses of both ends are read strictly; of what may follow them, nothing is looked at.
 */
final class ProxyHeader {
    private static final byte[] TEXT = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final byte[] BINARY = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int TEXT_MAX = 107;
    private static final int BINARY_HEAD = 16;
    private static final int COMMAND = 12;
    private static final int FAMILY = 13;
    private static final int LENGTH = 14;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX = 0x31;
    private static final int UNIX_BYTES = 216;
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

    private ProxyHeader() {}

    /**
     * The length in bytes of the header at the beginning of these bytes; -1 while that is not known, or not all is there.
     *
     * @param bytesMax how long it may be
     * @throws FramingException as soon as no header can come of it
     */
    static int length(ByteBuf in, int bytesMax) throws FramingException {
        int there = in.readableBytes();
        int length;
        if (there > 0 && in.getByte(in.readerIndex()) == TEXT[0]) {
            requireStart(in, TEXT);
            int lineEnd = ByteBufUtil.indexOf(
                    in, in.readerIndex(), in.readerIndex() + Math.min(there, TEXT_MAX), (byte) '\n');
            if (lineEnd < 0) {
                require(there < TEXT_MAX, "A PROXY line has at most 107 bytes.");
                return -1;
            }
            length = lineEnd - in.readerIndex() + 1;
        } else {
            requireStart(in, BINARY);
            if (there < BINARY_HEAD) {
                return -1;
            }
            length = BINARY_HEAD + in.getUnsignedShort(in.readerIndex() + LENGTH);
        }
        require(length <= bytesMax, "The PROXY header is too long.");
        return there < length ? -1 : length;
    }

    /**
     * The far end of the connection that the balancer passes on; null when it speaks for itself, or does not say.
     *
     * @param header a whole header
     * @throws FramingException if it is ill-formed
     */
    static @Nullable InetSocketAddress source(ByteBuf header) throws FramingException {
        return header.getByte(header.readerIndex()) == TEXT[0] ? text(header) : binary(header);
    }

    private static @Nullable InetSocketAddress text(ByteBuf header) throws FramingException {
        String line = header.toString(StandardCharsets.ISO_8859_1);
        require(line.endsWith("\r\n"), "A PROXY line ends with CR and LF.");
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return null;
        }
        require(words.length == 6, "A PROXY line has six words.");
        boolean ipv6 = words[1].equals("TCP6");
        require(ipv6 || words[1].equals("TCP4"), "The PROXY line is of an unknown protocol.");
        InetSocketAddress source = address(words[2], words[4], ipv6);
        address(words[3], words[5], ipv6);
        return source;
    }

    private static InetSocketAddress address(String literal, String port, boolean ipv6) throws FramingException {
        InetAddress address = literal.indexOf(':') >= 0 == ipv6 ? Network.address(literal) : null;
        if (address == null || !PORT.matcher(port).matches() || Integer.parseInt(port) > 0xFFFF) {
            throw new FramingException(400, "The PROXY line has an ill-formed address.");
        }
        return new InetSocketAddress(address, Integer.parseInt(port));
    }

    private static @Nullable InetSocketAddress binary(ByteBuf header) throws FramingException {
        int start = header.readerIndex();
        int command = header.getUnsignedByte(start + COMMAND);
        require(command == LOCAL || command == PROXY, "The PROXY header has an unknown version or command.");
        if (command == LOCAL) {
            return null;
        }
        int rest = header.readableBytes() - BINARY_HEAD;
        int family = header.getUnsignedByte(start + FAMILY);
        int size = switch (family) {
            case TCP4 -> 4;
            case TCP6 -> 16;
            case UNIX, UNSPECIFIED -> 0;
            default -> throw new FramingException(400, "The PROXY header is of an unknown protocol.");
        };
        require(
                rest >= (family == UNIX ? UNIX_BYTES : 2 * size + (size > 0 ? 4 : 0)),
                "The PROXY header is too short.");
        if (size == 0) {
            return null;
        }
        byte[] address = new byte[size];
        header.getBytes(start + BINARY_HEAD, address);
        int port = header.getUnsignedShort(start + BINARY_HEAD + 2 * size);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static void requireStart(ByteBuf in, byte[] start) throws FramingException {
        for (int i = 0; i < start.length && i < in.readableBytes(); i++) {
            require(in.getByte(in.readerIndex() + i) == start[i], "No PROXY header came.");
        }
    }

    private static void require(boolean well, String otherwise) throws FramingException {
        if (!well) {
            throw new FramingException(400, otherwise);
        }
    }
}
