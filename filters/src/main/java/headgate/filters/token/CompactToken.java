package headgate.filters.token;

import headgate.conf.TokensConfig;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * A signed token taken apart, within all bounds, with nothing believed yet (RFC 7515, section 7.1).
 *
 * @param header the members of its header
 * @param claims the members of its payload
 * @param signed the bytes that the signature is about
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and gone when the token is checked
record CompactToken(Map<String, Object> header, Map<String, Object> claims, byte[] signed, byte[] signature) {
    private static final int SIGNED_PARTS = 3;
    private static final int ENCRYPTED_PARTS = 5;

    /** Whether a credential is meant to be a token: three or five parts of base64, the url's or the other. */
    static boolean isMeant(byte[] credential) {
        int parts = 1;
        for (byte b : credential) {
            boolean letter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
            boolean digit = b >= '0' && b <= '9';
            if (b == '.') {
                parts++;
            } else if (!letter && !digit && "-_+/=".indexOf(b) < 0) {
                return false;
            }
        }
        return parts == SIGNED_PARTS || parts == ENCRYPTED_PARTS;
    }

    /**
     * Takes a token apart.
     *
     * @throws TokenException if it is too large, or could be understood in two ways
     */
    static CompactToken parse(byte[] token, TokensConfig bounds) throws TokenException {
        if (token.length > bounds.bytes()) {
            throw new TokenException(TokenFault.TOO_LONG);
        }
        int first = dot(token, 0);
        int second = dot(token, first + 1);
        if (first == token.length || second == token.length) {
            throw new TokenException(TokenFault.NOT_THREE_PARTS);
        }
        if (dot(token, second + 1) != token.length) {
            throw new TokenException(TokenFault.ENCRYPTED);
        }
        byte[] header = decode(token, 0, first);
        byte[] claims = decode(token, first + 1, second);
        byte[] signature = decode(token, second + 1, token.length);
        Map<String, Object> members = StrictJson.object(header, bounds.jsonDepth());
        if (members.size() > bounds.headerMembers()) {
            throw new TokenException(TokenFault.TOO_MANY_HEADER_MEMBERS);
        }
        return new CompactToken(
                members, StrictJson.object(claims, bounds.jsonDepth()), Arrays.copyOf(token, second), signature);
    }

    private static int dot(byte[] token, int from) {
        int i = from;
        while (i < token.length && token[i] != '.') {
            i++;
        }
        return Math.min(i, token.length);
    }

    private static byte[] decode(byte[] token, int from, int to) throws TokenException {
        byte[] part = Arrays.copyOfRange(token, from, to);
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(part);
            if (Arrays.equals(Base64.getUrlEncoder().withoutPadding().encode(decoded), part)) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for padding and for bits that mean nothing.
        }
        throw new TokenException(TokenFault.ENCODING);
    }
}
