package headgate.proxy.admin;

import headgate.conf.AdminConfig;
import headgate.conf.Network;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask the admin listener.
 *
 * <p>Beside the token, it keeps off what a browser on this machine can be made to ask: a page of another origin, which says
 * so in {@code origin}, and a foreign name that was made to point here (DNS rebinding), which stands in {@code host}.
 */
final class AdminGuard {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final String ownHost;
    private final byte @Nullable [] token;
    private final boolean encrypted;

    AdminGuard(AdminConfig config) {
        this.ownHost = config.host();
        this.token = config.token() == null ? null : config.token().value().getBytes(StandardCharsets.ISO_8859_1);
        this.encrypted = config.tls() != null;
    }

    /**
     * Whether the request is from where it may be.
     *
     * <p>Behind a token or TLS, a name that was made to point here brings nobody anything: a browser shows the token to none
     * but the name it was typed for, and takes no certificate of another name. So there any name may be used.
     */
    boolean rightPlace(HttpHeaders fields) {
        String host = fields.get(HttpHeaderNames.HOST, "");
        String origin = fields.get(HttpHeaderNames.ORIGIN);
        boolean named = token != null || encrypted || isOwn(hostOf(host));
        return named && (origin == null || origin.equalsIgnoreCase((encrypted ? "https://" : "http://") + host));
    }

    /** Whether the request shows the token, if there is one; compared in a time that does not tell how much is right. */
    boolean known(HttpHeaders fields) {
        if (token == null) {
            return true;
        }
        String shown = fields.get(HttpHeaderNames.AUTHORIZATION, "");
        return MessageDigest.isEqual(token, shownToken(shown).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A bearer token, or what is asked of a person by a browser: the password of any name (RFC 7617, section 2). */
    private static String shownToken(String shown) {
        if (shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return shown.substring(BEARER.length()).strip();
        }
        if (shown.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                byte[] pair = Base64.getDecoder()
                        .decode(shown.substring(BASIC.length()).strip());
                String text = new String(pair, StandardCharsets.ISO_8859_1);
                return text.substring(text.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
        return "";
    }

    private boolean isOwn(String host) {
        return host.equalsIgnoreCase(ownHost) || host.equalsIgnoreCase("localhost") || Network.address(host) != null;
    }

    /** Without the port, and an IPv6 address without its brackets. */
    private static String hostOf(String authority) {
        if (authority.startsWith("[")) {
            return authority.substring(1, Math.max(1, authority.indexOf(']')));
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
