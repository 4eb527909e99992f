package headgate.proxy.source;

import headgate.conf.Network;
import headgate.filters.http.FramingException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The nodes that a request passed, as the fields {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For} list them. */
final class ForwardedNodes {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final Pattern NODE = Pattern.compile(
            "(?:([0-9.]+)|\\[([0-9A-Fa-f:.]+)]|(unknown|_[0-9A-Za-z._-]+))(?::([0-9]{1,5}|_[0-9A-Za-z._-]+))?",
            Pattern.CASE_INSENSITIVE);

    private static final String UNKNOWN = "unknown";

    private ForwardedNodes() {}

    /**
     * The nodes of one {@code Forwarded} field, the nearest last.
     *
     * @throws FramingException if any part of it is ill-formed: behind a quote that somebody left open, no node is certain
     */
    static List<String> ofForwarded(String value) throws FramingException {
        return new Elements(value).nodes();
    }

    /** The nodes of one {@code X-Forwarded-For} field, the nearest last. */
    static List<String> ofXForwardedFor(String value) {
        List<String> nodes = new ArrayList<>();
        for (String node : value.split(",", -1)) {
            if (!node.isBlank()) {
                nodes.add(node.strip());
            }
        }
        return nodes;
    }

    /**
     * Where a node is; null where it is hidden, as {@code unknown} or by a name that begins with an underscore.
     *
     * @param node with or without a port; an IPv6 address may lack its brackets, as it does in {@code X-Forwarded-For}
     * @throws FramingException if it is nothing of all that
     */
    static @Nullable InetSocketAddress address(String node) throws FramingException {
        Matcher parts = NODE.matcher(node);
        boolean written = parts.matches();
        if (written && parts.group(3) != null) {
            return null;
        }
        String literal = !written ? node : parts.group(1) != null ? parts.group(1) : parts.group(2);
        String port = written ? parts.group(4) : null;
        boolean bracketed = written && parts.group(2) != null;
        InetAddress address = bracketed && literal.indexOf(':') < 0 ? null : Network.address(literal);
        int number = port == null || port.startsWith("_") ? 0 : Integer.parseInt(port);
        if (address == null || number > 0xFFFF) {
            throw illFormed();
        }
        return new InetSocketAddress(address, number);
    }

    private static FramingException illFormed() {
        return new FramingException(400, "The field that says whose request this is cannot be read.");
    }

    /** One {@code Forwarded} field, read from its beginning (RFC 7239, section 4). */
    private static final class Elements {
        private final String text;
        private int at;

        Elements(String text) {
            this.text = text;
        }

        List<String> nodes() throws FramingException {
            List<String> nodes = new ArrayList<>();
            do {
                String node = element();
                if (node != null) {
                    nodes.add(node);
                }
            } while (tryTake(','));
            require(at == text.length());
            return nodes;
        }

        /** The node of one element; null where the list has nothing between two commas. */
        private @Nullable String element() throws FramingException {
            String node = null;
            boolean empty = true;
            do {
                skipBlanks();
                String name = token();
                if (!name.isEmpty()) {
                    empty = false;
                    require(tryTake('='));
                    boolean quoted = tryTake('"');
                    String value = quoted ? quoted() : token();
                    require(quoted || !value.isEmpty());
                    if (name.equalsIgnoreCase("for")) {
                        require(node == null);
                        node = value;
                    }
                }
                skipBlanks();
            } while (tryTake(';'));
            return node == null && !empty ? UNKNOWN : node;
        }

        private String quoted() throws FramingException {
            StringBuilder value = new StringBuilder();
            while (!tryTake('"')) {
                tryTake('\\');
                require(at < text.length());
                value.append(text.charAt(at++));
            }
            return value.toString();
        }

        private String token() {
            int start = at;
            while (at < text.length() && isToken(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private boolean tryTake(char c) {
            boolean there = at < text.length() && text.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private static boolean isToken(char c) {
            return (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || TOKEN_MARKS.indexOf(c) >= 0;
        }

        private static void require(boolean well) throws FramingException {
            if (!well) {
                throw illFormed();
            }
        }
    }
}
